import { deleteEach } from "./deleteEach.ts"
import { markReviews } from "./reviewMarks.ts"

/** Transactions other than this one that may have written customers before they knew of the newest rules. */
const writers = `ARRAY(SELECT DISTINCT virtualtransaction FROM pg_locks
  WHERE locktype = 'relation' AND relation = 'customer_segment_reviews'::regclass AND mode = 'RowExclusiveLock'
    AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid <> pg_backend_pid())`

const columns = `segment_id AS "segmentId", state, cursor, done, total, version, is_active AS "isActive",
  is_again AS "isAgain", started_at AS "startedAt"`

/** The recompute whose turn it is and that nobody else is at, of the segment $1 where that is not NULL. Locks it. */
export const claimRecompute = `
SELECT ${columns}, waits_for AS "waitsFor", coalesce(waits_for && ${writers}, FALSE) AS "isHeld"
FROM segment_recomputes
WHERE $1::uuid IS NULL OR segment_id = $1
ORDER BY coalesce(waits_for && ${writers}, FALSE), state = 'new', started_at, segment_id
LIMIT 1 FOR UPDATE SKIP LOCKED`

/** The recompute of the segment $1 if it is to be gone on with by whoever has the rules alone. Locks it. */
export const claimAlone = `
SELECT ${columns} FROM segment_recomputes
WHERE segment_id = $1 AND state IN ('switching', 'leaving') FOR UPDATE SKIP LOCKED`

/** From now on reviews tell the recompute of the segment $1 of whom they have moved. */
export const beginWaiting = "UPDATE segment_recomputes SET state = 'waiting', waits_for = NULL WHERE segment_id = $1"

/** Notes which transactions the recompute of the segment $1 waits for; answers how many. */
export const noteWriters = `
UPDATE segment_recomputes SET waits_for = ${writers} WHERE segment_id = $1 RETURNING cardinality(waits_for) AS count`

/** How many of the first $2 customers behind the id $1 there are, and the last of them. */
export const nextCustomers = `
WITH page AS MATERIALIZED (SELECT id FROM customers WHERE id > $1 ORDER BY id LIMIT $2::int)
SELECT count(*)::int AS count, (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last FROM page`

/** Says how far a recompute is: $1 of which segment, $2 its state, $3 behind whom it goes on, $4 of how many more. */
export const noteProgress = `
UPDATE segment_recomputes SET state = $2, cursor = coalesce($3::uuid, cursor), done = done + $4::int, waits_for = NULL
WHERE segment_id = $1`

/** The last of the first $3 customers behind the id $2 whom a review has touched since the segment $1 was compared. */
export const lastTouched = `
SELECT customer_id AS last FROM (
  SELECT customer_id FROM segment_recompute_touched
  WHERE segment_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT $3::int
) page ORDER BY customer_id DESC LIMIT 1`

/** Forgets where those would move by the rule of the segment $1 whom a review has touched, behind the id $2 up to $3. */
export const forgetTouchedMoves = deleteEach(
  "segment_recompute_moves",
  `(SELECT customer_id FROM segment_recompute_touched
    WHERE segment_id = $1 AND customer_id > $2 AND customer_id <= $3) touched`,
  "t.segment_id = $1 AND t.customer_id = touched.customer_id"
)

/**
 * Has those reviewed once more, at $4, who were while the segment $1 was compared, behind the id $2 up to $3. Answers
 * `customer_id`.
 */
export const markTouched = `
WITH touched AS (
  DELETE FROM segment_recompute_touched WHERE segment_id = $1 AND customer_id > $2 AND customer_id <= $3
  RETURNING customer_id
)
${markReviews(`SELECT c.id, $4::timestamptz AS due_at, '{*}'::text[] AS fields, '{}'::jsonb AS before, NULL::text AS "correlationId"
  FROM touched t CROSS JOIN LATERAL (
    SELECT id FROM customers WHERE id = t.customer_id AND (erased_at IS NULL) IS TRUE OFFSET 0) c`)}`

/** Takes out what marks there are of those who were erased. */
export const dropErasedMarks = deleteEach(
  "customer_segment_reviews",
  "(SELECT customer_id FROM erasure_requests WHERE state = 'done') erased",
  "t.customer_id = erased.customer_id"
)

/** Whoever was erased meanwhile does not move by the rule of the segment $1. */
export const dropErased = deleteEach(
  "segment_recompute_moves",
  "(SELECT customer_id FROM erasure_requests WHERE state IN ('running', 'done')) erased",
  "t.segment_id = $1 AND t.customer_id = erased.customer_id"
)

/** Brings the segment's own rule into force. */
export const putInForce = `
UPDATE customer_segments SET in_force_rules = rules, in_force_version = version,
  in_force_active = is_active AND NOT is_leaving
WHERE id = $1`

/** Moves the next $4 customers behind the id $2 into the segment $1 or out of it, as of $3; answers the last of them. */
export const applyMoves = `
WITH movers AS MATERIALIZED (
  SELECT customer_id, joins, by_hand FROM segment_recompute_moves
  WHERE segment_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT $4::int
), joined AS (
  INSERT INTO customer_segment_memberships (customer_id, segment_id, assigned_at, assigned_by)
  SELECT customer_id, $1, $3::timestamptz, CASE WHEN by_hand THEN 'hand' ELSE 'system' END FROM movers WHERE joins
  ON CONFLICT (customer_id, segment_id) DO NOTHING
), gone AS (${deleteEach(
  "customer_segment_memberships",
  "(SELECT customer_id FROM movers WHERE NOT joins) leavers",
  "t.segment_id = $1 AND t.customer_id = leavers.customer_id"
)}
)
SELECT count(*)::int AS count, (SELECT customer_id FROM movers ORDER BY customer_id DESC LIMIT 1) AS last FROM movers`

/** Has others told of the $2 moves of the segment $1, by the version $3 of its rule, which is active or not, $4. */
export const beginTelling = `
UPDATE segment_recomputes SET state = 'telling', cursor = DEFAULT, done = 0, total = $2::int, version = $3::int,
  is_active = $4::boolean, is_demanded = FALSE, waits_for = NULL
WHERE segment_id = $1 RETURNING ${columns}`

/**
 * The next $3 customers behind the id $2 who moved by the rule of the segment $1, and are to be told of. Locks them, and
 * the moves, which a review may have told of meanwhile.
 */
export const untoldMoves = `
SELECT c.id, c.version, m.joins, c.erased_at IS NULL AS "isThere"
FROM segment_recompute_moves m JOIN customers c ON c.id = m.customer_id
WHERE m.segment_id = $1 AND m.customer_id > $2 ORDER BY m.customer_id LIMIT $3::int FOR NO KEY UPDATE OF c, m`

// The lower bound spares the way through all that was forgotten before.
/** Forgets the moves of the segment $1 behind the id $2 and up to $3. */
export const forgetMoves =
  "DELETE FROM segment_recompute_moves WHERE segment_id = $1 AND customer_id > $2 AND customer_id <= $3"

/** Ends the recompute of the segment $1. */
export const endRecompute = "DELETE FROM segment_recomputes WHERE segment_id = $1"

/** Has the segment $1 recomputed from the beginning now that everybody was told of: $2 how many there are to compare. */
export const beginAgain = `
UPDATE segment_recomputes SET state = 'new', cursor = DEFAULT, done = 0, is_again = FALSE, waits_for = NULL
WHERE segment_id = $1`

/** Takes a segment out, with all that is left of it. */
export const deleteSegment = `
WITH moves AS (DELETE FROM segment_recompute_moves WHERE segment_id = $1
), touched AS (DELETE FROM segment_recompute_touched WHERE segment_id = $1)
DELETE FROM customer_segments WHERE id = $1`
