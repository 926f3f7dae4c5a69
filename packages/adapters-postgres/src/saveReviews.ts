import { deleteEach } from "./deleteEach.ts"

/** Deletes rows of the customers of `input`, of the segments whose ids it names in this column. */
const takeOut = (table: string, column: string): string =>
  deleteEach(
    table,
    `input CROSS JOIN LATERAL jsonb_array_elements_text(${column}) AS named(id)`,
    't.customer_id = "customerId" AND t.segment_id = named.id::uuid'
  )

/**
 * Writes what reviews came to, of customers whose rows are locked: $1 a JSON array. Recomputes that are under way are
 * told whom they may have seen as she was before, and tell no more of her. Answers how many customers got a new version.
 */
export const saveReviews = `
WITH input AS (
  SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS x("customerId" uuid, "reviewAt" timestamptz, "versionBefore" int,
    version int, "updatedAt" timestamptz, memberships jsonb, leaves jsonb, made jsonb, over jsonb, told jsonb)
), customer AS (
  UPDATE customers SET version = input.version, updated_at = input."updatedAt"
  FROM input WHERE customers.id = input."customerId" AND customers.version = input."versionBefore"
  RETURNING 1
), mark AS (
  INSERT INTO customer_segment_reviews (customer_id, due_at)
  SELECT "customerId", "reviewAt" FROM input WHERE "reviewAt" IS NOT NULL ORDER BY "customerId"
  ON CONFLICT (customer_id) DO UPDATE SET due_at = excluded.due_at, fields = '{}', before = '{}', correlation_id = NULL
), unmarked AS (
  DELETE FROM customer_segment_reviews
  WHERE customer_id = ANY(ARRAY(SELECT "customerId" FROM input WHERE "reviewAt" IS NULL))
), present AS (
  INSERT INTO customer_segment_memberships (customer_id, segment_id, assigned_at, assigned_by)
  SELECT "customerId", "segmentId", since, CASE "by" WHEN 'hand' THEN 'hand' ELSE 'system' END
  FROM input CROSS JOIN LATERAL jsonb_to_recordset(memberships) AS b("segmentId" uuid, since timestamptz, "by" text)
  ON CONFLICT (customer_id, segment_id) DO UPDATE SET assigned_by = excluded.assigned_by
), gone AS (
  ${takeOut("customer_segment_memberships", "leaves")}
), exception AS (
  INSERT INTO customer_segment_exceptions (customer_id, segment_id, member, reason, made_by, made_at, expires_at)
  SELECT "customerId", "segmentId", member, reason, "by", "at", "expiresAt"
  FROM input CROSS JOIN LATERAL jsonb_to_recordset(made) AS e("segmentId" uuid, member boolean, reason text, "by" text,
    "at" timestamptz, "expiresAt" timestamptz)
  ON CONFLICT (customer_id, segment_id) DO UPDATE SET member = excluded.member, reason = excluded.reason,
    made_by = excluded.made_by, made_at = excluded.made_at, expires_at = excluded.expires_at
), ended AS (
  ${takeOut("customer_segment_exceptions", "over")}
), told AS (
  ${takeOut("segment_recompute_moves", "told")}
), touched AS (
  INSERT INTO segment_recompute_touched (segment_id, customer_id)
  SELECT segment_id, "customerId" FROM segment_recomputes CROSS JOIN input
  WHERE state IN ('waiting', 'comparing', 'switching') ON CONFLICT DO NOTHING
)
SELECT count(*)::int AS moved FROM customer`
