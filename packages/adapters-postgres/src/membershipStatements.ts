import * as customerParts from "./customerParts.ts"

const membership = `json_build_object('segmentId', b.segment_id, 'since', b.assigned_at,
    'by', CASE WHEN b.assigned_by = 'hand' THEN 'hand' ELSE 'rule' END)`

const memberships = `(SELECT coalesce(json_agg(${membership}), '[]') FROM customer_segment_memberships b
    WHERE b.customer_id = c.id) AS memberships`

const exceptions = `(SELECT coalesce(json_agg(json_strip_nulls(json_build_object('segmentId', e.segment_id,
    'member', e.member, 'reason', e.reason, 'by', e.made_by, 'at', e.made_at, 'expiresAt', e.expires_at))), '[]')
    FROM customer_segment_exceptions e WHERE e.customer_id = c.id) AS exceptions`

/** Moves by a rule of which others are still to be told. */
const untold = `(SELECT coalesce(json_agg(json_build_object('segmentId', u.segment_id, 'name', s.name, 'joins', u.joins,
    'version', r.version, 'isActive', r.is_active)), '[]')
    FROM segment_recompute_moves u JOIN segment_recomputes r USING (segment_id)
      JOIN customer_segments s ON s.id = u.segment_id
    WHERE u.customer_id = c.id AND r.state = 'telling') AS untold`

const known = `${customerParts.joined.select}, m.last_order_at AS "lastOrderAt", ${memberships}, ${exceptions}, ${untold},
  v.due_at AS "dueAt", v.fields, v.before, v.correlation_id AS "correlationId", (SELECT revision::float8 FROM segment_catalog) AS revision`

const marked = "LEFT JOIN customer_segment_reviews v ON v.customer_id = c.id"

/** Where the customer $1 belongs, and the segments' revision at that moment. */
export const knownMemberships = `
SELECT ${known} FROM ${customerParts.joined.from} ${marked} WHERE c.erased_at IS NULL AND c.id = $1`

// Said so that the planner does not take the partial index of addresses for the way to those who are not erased.
const isThere = "(erased_at IS NULL) IS TRUE"

// Each is locked as the marks are gone through, in their order, until there are enough.
/** Locks up to $2 customers whose time has come by $1, but for those whom somebody else is changing. Answers whom. */
export const lockDueForReview = `
SELECT c.id FROM customer_segment_reviews v CROSS JOIN LATERAL (
    SELECT id FROM customers WHERE id = v.customer_id AND ${isThere} FOR NO KEY UPDATE SKIP LOCKED) c
WHERE v.due_at <= $1::timestamptz ORDER BY v.due_at, v.customer_id LIMIT $2::int`

/** Locks those of the customers $1, a JSON array of ids, whom nobody else is changing. Answers whom. */
export const lockFree = `
SELECT id FROM customers
WHERE id = ANY(ARRAY(SELECT wanted::uuid FROM jsonb_array_elements_text($1::text::jsonb) AS wanted))
  AND ${isThere}
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`

// The OFFSET has each mark looked up by her id, also by a plan from when there was none.
/** Where those of the customers $1, a JSON array of ids, belong whose time has come by $2, or of whom something changed. */
export const dueMemberships = `
SELECT ${known} FROM jsonb_array_elements_text($1::text::jsonb) AS wanted(due_id)
  CROSS JOIN LATERAL (SELECT * FROM customer_segment_reviews WHERE customer_id = wanted.due_id::uuid OFFSET 0) v
  JOIN (${customerParts.joined.from}) ON c.id = v.customer_id
WHERE (c.erased_at IS NULL) IS TRUE AND (v.due_at <= $2::timestamptz OR v.fields <> '{}') ORDER BY c.id`

const highestId = "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"

// Asked for as a stretch of the index: the planner takes members for few where it has no statistics, and sorts them all.
/** Up to $3 members of the segment $1 behind the id $2, in the order of their ids. */
export const membersPage = `
SELECT ${membership} AS membership, member.*
FROM (
  SELECT b.* FROM customer_segment_memberships b
    CROSS JOIN LATERAL (SELECT FROM customers WHERE id = b.customer_id AND ${isThere} OFFSET 0) o
  WHERE (b.segment_id, b.customer_id) > ($1::uuid, $2::uuid) AND (b.segment_id, b.customer_id) <= ($1::uuid, ${highestId})
  ORDER BY b.segment_id, b.customer_id LIMIT $3::int
) b CROSS JOIN LATERAL (
    SELECT ${customerParts.joined.select} FROM ${customerParts.joined.from} WHERE c.id = b.customer_id OFFSET 0) member
ORDER BY b.customer_id`
