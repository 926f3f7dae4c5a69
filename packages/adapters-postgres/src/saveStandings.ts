import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { CustomerId } from "@customer-service/core"
import { type markOf, markColumns, markReviews, ringForReviews } from "./reviewMarks.ts"
import type { standingRow, tierChangeRow } from "./StandingRow.ts"

/**
 * Writes standings of customers who are there, with their tier history, in one statement: $1 standings, $2 lines of the
 * history, each a JSON array. A customer whose `versionBefore` is told gets her new version where she has that one; see
 * to it that her row is locked. Answers how many did, and who were marked for a review.
 */
export const saveStandingsStatement = `
WITH input AS (
  SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS x(
    id uuid, "versionBefore" int, version int, "updatedAt" timestamptz, tier text, segment text, "loyaltyPoints" bigint,
    "totalSpent" numeric, "orderCount" int, "averageOrderValue" numeric, "lastOrderAt" timestamptz,
    "premiumSince" timestamptz, "vipSince" timestamptz, "highValueSince" timestamptz, "tierOverride" jsonb,
    "segmentOverride" jsonb, "reviewAt" timestamptz, "standingAt" timestamptz, ${markColumns})
), customer AS (
  UPDATE customers SET version = input.version, updated_at = input."updatedAt"
  FROM input WHERE customers.id = input.id AND customers.version = input."versionBefore"
  RETURNING 1
), metrics AS (
  UPDATE customer_metrics SET
    tier = input.tier, segment = input.segment, loyalty_points = input."loyaltyPoints",
    total_spent = input."totalSpent", order_count = input."orderCount",
    average_order_value = input."averageOrderValue", last_order_at = input."lastOrderAt",
    premium_since = input."premiumSince", vip_since = input."vipSince", high_value_since = input."highValueSince",
    tier_override = input."tierOverride", segment_override = input."segmentOverride", review_at = input."reviewAt",
    updated_at = input."standingAt"
  FROM input WHERE customer_id = input.id
), mark AS (${markReviews('SELECT id, "standingAt" AS due_at, fields, before, "correlationId" FROM input')}
), history AS (
  INSERT INTO customer_tier_history (customer_id, from_tier, to_tier, cause, reason, changed_by, achieved_at,
    recorded_at)
  SELECT "customerId", "from", "to", cause, reason, "by", "achievedAt", "at"
  FROM ROWS FROM (jsonb_to_recordset($2::text::jsonb) AS ("customerId" uuid, "from" text, "to" text, cause text,
    reason text, "by" text, "achievedAt" timestamptz, "at" timestamptz)) WITH ORDINALITY
    AS y("customerId", "from", "to", cause, reason, "by", "achievedAt", "at", place)
  ORDER BY place
)
SELECT count(*)::int AS moved, ARRAY(SELECT customer_id FROM mark) AS marked FROM customer`

/** Standings and lines of the tier history to write together; either list may be empty. */
export interface StandingWrite {
  readonly standings: ReadonlyArray<ReturnType<typeof standingRow> & Partial<ReturnType<typeof markOf>>>
  readonly tierChanges: ReadonlyArray<ReturnType<typeof tierChangeRow>>
}

interface SavedRow {
  readonly moved: number
  readonly marked: ReadonlyArray<CustomerId>
}

/** Writes the rows in one statement; answers how many customers got a new version. Rings for those to be reviewed. */
export const saveStandings = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { standings, tierChanges }: StandingWrite
) {
  const rows = [JSON.stringify(standings), JSON.stringify(tierChanges)]
  const [saved] = yield* sql.unsafe<SavedRow>(saveStandingsStatement, rows)
  yield* ringForReviews(sql, saved?.marked ?? [])
  return saved?.moved ?? 0
})
