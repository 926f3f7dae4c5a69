// The expressions of 0003_events.ts to the letter: its indexes serve no others.

/** The partition of an event, by whose it is; that of nobody's by its own id. */
export const partitionOf = (event: string): string =>
  `(get_byte(uuid_send(coalesce(${event}.customer_id, ${event}.event_id)), 15) & 15)`

/** The turn of an event: its partition, by whose it is, and its place there. */
const turnOf = (event: string): string => `(${partitionOf(event)}::bigint << 48 | ${event}.id)`

const isOpen = (event: string): string => `${event}.published_at IS NULL AND ${event}.dropped_at IS NULL`

const isIn = (partition: string, event: string): string =>
  `${turnOf(event)} >= ${partition}::bigint << 48 AND ${turnOf(event)} < (${partition}::bigint + 1) << 48`

/**
 * Neither it nor an earlier one of its customer is dead or to be tried later. One moment holds for the whole statement:
 * a wait that ended between two events of a customer would let the later one pass. The offset keeps the planner from
 * making a join of it, which would look at more events than are taken.
 */
const isFree = (event: string): string => `NOT EXISTS (
  SELECT FROM outbox_refusals held
  WHERE held.chain = coalesce(${event}.customer_id, ${event}.event_id) AND held.outbox_id <= ${event}.id
    AND (held.dead_at IS NOT NULL OR held.retry_at > statement_timestamp())
  OFFSET 0)`

const isDue = (partition: string, event: string): string =>
  `${isOpen(event)} AND ${isIn(partition, event)} AND ${isFree(event)}`

const isUnclaimed = (partition: string): string =>
  `(${partition}.lease_until IS NULL OR ${partition}.lease_until <= clock_timestamp())`

/**
 * Has the statement commit without waiting for the disk. What a crash of the server takes back of a relay's notes is only
 * done again: an event is published twice, which its consumers have to expect in any case.
 */
const unwaited = "(SELECT set_config('synchronous_commit', 'off', TRUE)) IS NOT NULL"

/**
 * Takes the partition with due events that nobody has taken for the longest, for $1 seconds; none where there is none.
 * What is due in it is read afterwards, by {@link dueEvents}: this statement does not see what became of the last claim
 * on the partition while it ran.
 */
export const takePartition = `
UPDATE outbox_partitions SET ticket = gen_random_uuid(), claimed_at = clock_timestamp(),
  lease_until = clock_timestamp() + $1::float8 * interval '1 second'
WHERE partition = (
  SELECT p.partition FROM outbox_partitions p
    CROSS JOIN LATERAL (SELECT FROM outbox_events e WHERE ${isDue("p.partition", "e")} ORDER BY ${turnOf("e")} LIMIT 1) due
  WHERE ${isUnclaimed("p")}
  ORDER BY p.claimed_at, p.partition LIMIT 1 FOR UPDATE OF p SKIP LOCKED)
  AND ${unwaited}
RETURNING partition, ticket`

/** The first $2 events that are due in partition $1. */
export const dueEvents = `
SELECT e.id::text AS position, e.topic, e.customer_id AS "customerId", e.customer_version AS "customerVersion",
  e.envelope, coalesce(r.refusals, 0) AS refusals, coalesce(r.waits, 0) AS waits
FROM outbox_events e LEFT JOIN outbox_refusals r ON r.outbox_id = e.id
WHERE ${isDue("$1", "e")} ORDER BY ${turnOf("e")} LIMIT $2::int`

/**
 * Gives partition $1 back that is claimed under ticket $2: the events $3 were published, those of $4, a JSON array, were
 * not. Changes nothing where the lease is over. Events that were dropped meanwhile, by an erasure, are tried no more.
 */
export const settleClaim = `
WITH mine AS (
  UPDATE outbox_partitions SET ticket = NULL, lease_until = NULL,
    publishing_since = CASE WHEN cardinality($3::bigint[]) > 0 THEN claimed_at ELSE publishing_since END,
    published_at = CASE WHEN cardinality($3::bigint[]) > 0 THEN now() ELSE published_at END
  WHERE partition = $1::smallint AND ticket = $2::uuid AND lease_until > clock_timestamp() AND ${unwaited}
  RETURNING partition
), published AS (
  UPDATE outbox_events SET published_at = now() FROM mine WHERE id = ANY($3::bigint[])
), done AS (
  DELETE FROM outbox_refusals USING mine WHERE outbox_id = ANY($3::bigint[])
)
INSERT INTO outbox_refusals AS r (outbox_id, chain, customer_id, refusals, waits, reason, retry_at, dead_at)
SELECT e.id, coalesce(e.customer_id, e.event_id), e.customer_id, f.refusals, f.waits, f.reason,
  date_trunc('milliseconds', clock_timestamp()) + f."retrySeconds" * interval '1 second',
  CASE WHEN f."retrySeconds" IS NULL THEN now() END
FROM mine, jsonb_to_recordset($4::text::jsonb)
    AS f(position bigint, refusals int, waits int, reason text, "retrySeconds" float8)
  JOIN outbox_events e ON e.id = f.position
WHERE e.dropped_at IS NULL
FOR SHARE OF e
ON CONFLICT (outbox_id) DO UPDATE SET refusals = r.refusals + excluded.refusals, waits = r.waits + excluded.waits,
  reason = coalesce(excluded.reason, r.reason), retry_at = excluded.retry_at, dead_at = excluded.dead_at`

/** Ends all claims; waits for those who are just settling one. */
export const endClaims = `
UPDATE outbox_partitions p SET ticket = NULL, lease_until = NULL
FROM (SELECT partition FROM outbox_partitions ORDER BY partition FOR UPDATE) locked
WHERE p.partition = locked.partition`

/** Whether partition $1 is held under ticket $2 still. Answers a row where it is. */
export const heldClaim = `
SELECT 1 AS held FROM outbox_partitions
WHERE partition = $1::smallint AND ticket = $2::uuid AND lease_until > clock_timestamp()`

/**
 * Has published again whatever went out in the $1 seconds before the claim that published last, or before what was $2
 * seconds ago if that was sooner, and since. An event was published between its claim and the moment that is noted.
 * Answers `count`.
 */
export const unpublishLast = `
WITH again AS (
  UPDATE outbox_events SET published_at = NULL
  WHERE dropped_at IS NULL
    AND published_at >= (
      SELECT least(max(publishing_since), statement_timestamp() - $2::float8 * interval '1 second')
        - $1::float8 * interval '1 second'
      FROM outbox_partitions HAVING max(publishing_since) IS NOT NULL)
  RETURNING 1
)
SELECT count(*)::int AS count FROM again`

/** Takes partition $1 for half a minute, if nobody has it. Answers `ticket`. */
export const holdPartition = `
UPDATE outbox_partitions p SET ticket = gen_random_uuid(), lease_until = clock_timestamp() + interval '30 seconds'
WHERE p.partition = $1::smallint AND ${isUnclaimed("p")} RETURNING ticket`

/** Gives partition $1 back that is held under ticket $2. */
export const releasePartition = `
UPDATE outbox_partitions SET ticket = NULL, lease_until = NULL WHERE partition = $1::smallint AND ticket = $2::uuid`

/** How the outbox is, as `OutboxStatus` has it. */
export const outboxStatus = `
SELECT (SELECT count(*)::int FROM outbox_events e WHERE ${isOpen("e")}) AS unpublished,
  (SELECT min(first.created_at) FROM outbox_partitions p CROSS JOIN LATERAL (
    SELECT created_at FROM outbox_events e WHERE ${isOpen("e")} AND ${isIn("p.partition", "e")}
    ORDER BY ${turnOf("e")} LIMIT 1) first) AS "oldestAt",
  (SELECT count(*)::int FROM outbox_refusals WHERE dead_at IS NULL) AS waiting,
  (SELECT count(*)::int FROM outbox_refusals WHERE dead_at IS NOT NULL) AS dead,
  (SELECT max(published_at) FROM outbox_partitions) AS "lastPublishedAt"`
