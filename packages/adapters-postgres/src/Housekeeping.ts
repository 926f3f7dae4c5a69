import type { StorageUnavailable } from "@customer-service/core"
import { DateTime, Effect, Option } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { orUnavailable } from "./storageErrors.ts"

/** How long published events are kept, in days; 0 keeps them for good. */
export interface HousekeepingOptions {
  readonly outboxRetentionDays: number
}

/** How many rows a sweep has removed. */
export interface Swept {
  readonly tokens: number
  readonly idempotencyKeys: number
  readonly events: number
  /** Ids of messages that were taken in: their repetition is harmless all the same, see docs/adr/0012-inbox.md. */
  readonly processedEvents: number
  /** What a write that was under way put down of customers' segments while they were erased. */
  readonly ofErased: number
}

/** Rows removed in one transaction: short ones hold up nobody. */
const most = 1000

/** For so many days it is known which messages were taken in. */
const processedDays = 30

/** The advisory lock of whoever sweeps. */
const lock = [8007, 1] as const

interface Pile {
  readonly table: string
  readonly key: string
  readonly isOld: Statement.Fragment
}

/** Removes some rows of a pile; answers how many, or undefined where another process sweeps. */
const removeSome = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, { isOld, key, table }: Pile) {
  const [row] = yield* sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${lock[0]}, ${lock[1]}) AS mine`
  if (row?.mine !== true) return undefined
  const removed = yield* sql<{ count: number }>`
    WITH old AS MATERIALIZED (
      SELECT ${sql(key)} AS old_key FROM ${sql(table)} WHERE ${isOld} LIMIT ${most} FOR UPDATE SKIP LOCKED
    ), removed AS (
      DELETE FROM ${sql(table)} USING old WHERE ${sql(key)} = old_key RETURNING 1
    )
    SELECT count(*)::int AS count FROM removed`
  return removed[0]?.count ?? 0
})

/** Removes a whole pile, a transaction at a time; none where another process sweeps. */
const remove = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, pile: Pile) {
  let removed = 0
  while (true) {
    const some = yield* sql.withTransaction(removeSome(sql, pile))
    if (some === undefined) return Option.none<number>()
    removed += some
    if (some < most) return Option.some(removed)
  }
})

/**
 * Events that were published, or dropped, before what is kept; both come after an event was created. What is not
 * published stays, however old.
 */
const oldEvents = (sql: SqlClient.SqlClient, now: DateTime.Utc, { outboxRetentionDays }: HousekeepingOptions): Pile => {
  const cutoff = DateTime.toDateUtc(DateTime.subtract(now, { days: outboxRetentionDays }))
  return {
    table: "outbox_events",
    key: "id",
    isOld: sql`created_at < ${cutoff} AND coalesce(published_at, dropped_at) < ${cutoff}`
  }
}

/** Ids of messages that came long ago. */
const oldMessages = (sql: SqlClient.SqlClient, now: DateTime.Utc): Pile => {
  const cutoff = DateTime.toDateUtc(DateTime.subtract(now, { days: processedDays }))
  return { table: "processed_events", key: "event_id", isOld: sql`processed_at < ${cutoff}` }
}

const tablesOfSegments = [
  "customer_segment_reviews",
  "customer_segment_exceptions",
  "customer_segment_memberships",
  "segment_recompute_moves",
  "segment_recompute_touched"
]

/** What is there of customers' segments although they are erased. */
const leftOfErased = (sql: SqlClient.SqlClient): ReadonlyArray<Pile> =>
  tablesOfSegments.map((table) => ({
    table,
    key: "customer_id",
    isOld: sql`customer_id IN (SELECT erased.customer_id FROM erasure_requests erased WHERE erased.state = 'done')`
  }))

/**
 * Removes what has had its time: verification tokens and idempotency keys that expired, events that were published long
 * ago, the ids of messages that came long ago, and what is left of the segments of erased customers. One process does it at a time; none is answered where that is another.
 */
export const sweep = (
  options: HousekeepingOptions
): Effect.Effect<Option.Option<Swept>, StorageUnavailable, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const now = yield* DateTime.now
    const expired = sql`expires_at <= ${DateTime.toDateUtc(now)}`
    const tokens = yield* remove(sql, { table: "verification_tokens", key: "digest", isOld: expired })
    const keys = yield* remove(sql, { table: "idempotency_keys", key: "key", isOld: expired })
    const events = options.outboxRetentionDays === 0 ? Option.some(0) : yield* remove(sql, oldEvents(sql, now, options))
    const processed = yield* remove(sql, oldMessages(sql, now))
    const left = Option.all(yield* Effect.forEach(leftOfErased(sql), (pile) => remove(sql, pile)))
    return Option.map(Option.all({ tokens, keys, events, processed, left }), (swept) => ({
      tokens: swept.tokens,
      idempotencyKeys: swept.keys,
      events: swept.events,
      processedEvents: swept.processed,
      ofErased: swept.left.reduce((sum, count) => sum + count, 0)
    }))
  }).pipe(orUnavailable)
