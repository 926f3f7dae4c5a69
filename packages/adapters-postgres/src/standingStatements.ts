import * as customerParts from "./customerParts.ts"

const columns = `${customerParts.joined.select}, ${customerParts.standing}`

/** A customer with what stands behind her standing: $1 her id. One who was erased is not there. */
export const oneStanding = `
SELECT ${columns} FROM ${customerParts.joined.from} WHERE c.erased_at IS NULL AND c.id = $1`

// Ids come as JSON: of an array the planner knows how long it is, and would plan anew each time. That nobody is erased is
// said so that it does not take the partial index of addresses for the way to them.
/** Locks customers who are not erased, in the order of their ids: $1 a JSON array of these. Answers whom. */
export const lockCustomers = `
SELECT id FROM customers
WHERE id = ANY(ARRAY(SELECT wanted::uuid FROM jsonb_array_elements_text($1::text::jsonb) AS wanted))
  AND (erased_at IS NULL) IS TRUE
ORDER BY id FOR NO KEY UPDATE`

// Their rows are locked here and read by the next statement: this one has the rows of other tables as they were before.
/** Locks up to $2 customers whose time has come by $1, but for those whom somebody else is changing. Answers whom. */
export const lockDue = `
SELECT c.id FROM customer_metrics m JOIN customers c ON c.id = m.customer_id
WHERE m.review_at <= $1::timestamptz AND c.erased_at IS NULL
ORDER BY m.review_at, m.customer_id LIMIT $2::int FOR NO KEY UPDATE OF c SKIP LOCKED`

/** Those of the customers $1, a JSON array of ids, whose time has come by $2, with what stands behind their standing. */
export const dueStandings = `
SELECT ${columns} FROM jsonb_array_elements_text($1::text::jsonb) AS wanted(due_id)
  JOIN (${customerParts.joined.from}) ON c.id = wanted.due_id::uuid
WHERE c.erased_at IS NULL AND m.review_at <= $2::timestamptz ORDER BY m.review_at, m.customer_id`

/** The tier that spending makes: $2 from where on it is premium, $3 VIP. */
const earned = `CASE WHEN m.total_spent >= $3::text::numeric THEN 'vip'
  WHEN m.total_spent >= $2::text::numeric THEN 'premium' ELSE 'regular' END`

/** The tier that spending makes under the thresholds $2 and $3, or a colleague. */
export const wantedTier = `coalesce(m.tier_override->>'value', ${earned})`

/** Customers whose tier is another under the thresholds $2 and $3. */
const movers = `
customer_metrics m JOIN customers c ON c.id = m.customer_id
WHERE c.erased_at IS NULL AND m.tier <> ${wantedTier}`

/** Who would move from where to where under the thresholds $2 and $3, with up to $1 ids each. */
export const previewMoves = `
WITH moves AS (
  SELECT m.tier AS "from", ${wantedTier} AS "to", count(*)::int AS count FROM ${movers} GROUP BY 1, 2
)
SELECT "from", "to", count, ARRAY(
    SELECT m.customer_id FROM ${movers} AND m.tier = moves."from" AND ${wantedTier} = moves."to"
    ORDER BY m.customer_id LIMIT $1::int) AS customers
FROM moves ORDER BY "from", "to"`
