import type { EventJournal } from "@customer-service/core"
import { DateTime, Effect, Schedule } from "effect"
import type { SqlClient } from "effect/sql"
import { holdPartition, partitionOf, releasePartition } from "./outboxStatements.ts"

type Sql = SqlClient.SqlClient

/** Places in the outbox that are gone through in one transaction: short ones hold up nobody. */
const stride = 20_000

/** Between two looks whether a partition is free. */
const pause = "20 millis"

/** Which of the events `e` are replayed: not what was dropped, and so nothing of whoever was erased. */
const isReplayed = (sql: Sql, { customerId, from, topic }: EventJournal.Replay) =>
  sql.and([
    sql`e.created_at >= ${DateTime.toDateUtc(from)} AND e.published_at IS NOT NULL AND e.dropped_at IS NULL`,
    ...(topic === undefined ? [] : [sql`e.topic = ${topic}`]),
    ...(customerId === undefined ? [] : [sql`e.customer_id = ${customerId}`])
  ])

/** How many events of a partition are replayed, and the first and the last place where one stands. */
interface Extent {
  readonly partition: number
  readonly count: number
  readonly first: number
  readonly last: number
}

const extents = (sql: Sql, replay: EventJournal.Replay) => sql<Extent>`
  SELECT ${sql.literal(partitionOf("e"))} AS partition, count(*)::int AS count, min(id)::float8 AS first,
    max(id)::float8 AS last
  FROM outbox_events e WHERE ${isReplayed(sql, replay)} GROUP BY 1 ORDER BY 1`

/** How many events a replay would have published again. */
export const countReplay = (sql: Sql, replay: EventJournal.Replay) =>
  Effect.map(extents(sql, replay), (found) => found.reduce((sum, { count }) => sum + count, 0))

/** Takes a partition as soon as no relay has it. */
const hold = (sql: Sql, partition: number) =>
  Effect.map(
    Effect.repeat(sql.unsafe<{ readonly ticket: string }>(holdPartition, [partition]), {
      schedule: Schedule.spaced(pause),
      until: (rows) => rows.length > 0
    }),
    (rows) => rows.map(({ ticket }) => ticket)[0] ?? ""
  )

/** A part of a partition that is gone through under a ticket. */
interface Walk {
  readonly partition: number
  readonly ticket: string
  readonly first: number
  readonly last: number
}

/** Has what stands within a stride from `first` published again, if the partition is held still. */
const unpublish = Effect.fnUntraced(function* (sql: Sql, replay: EventJournal.Replay, walk: Walk) {
  const { first, partition, ticket } = walk
  const [row] = yield* sql<{ readonly held: number; readonly count: number }>`
    WITH held AS (
      UPDATE outbox_partitions SET lease_until = clock_timestamp() + interval '30 seconds'
      WHERE partition = ${partition} AND ticket = ${ticket} RETURNING partition
    ), again AS (
      UPDATE outbox_events e SET published_at = NULL FROM held
      WHERE ${sql.literal(partitionOf("e"))} = held.partition AND e.id >= ${first} AND e.id < ${first + stride}
        AND ${isReplayed(sql, replay)}
      RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM held) AS held, (SELECT count(*)::int FROM again) AS count`
  return row?.held === 1 ? row.count : undefined
})

/** Goes through a partition; stops where it is held no longer, since a suspicion of the bus ends every claim. */
const walkOn = Effect.fnUntraced(function* (sql: Sql, replay: EventJournal.Replay, walk: Walk) {
  let count = 0
  let { first } = walk
  while (first <= walk.last) {
    const some = yield* unpublish(sql, replay, { ...walk, first })
    if (some === undefined) break
    count += some
    first += stride
  }
  return { count, first }
})

/** No relay has the partition meanwhile: nothing newer of a customer goes out between what is replayed. */
const replayPartition = Effect.fnUntraced(function* (sql: Sql, replay: EventJournal.Replay, extent: Extent) {
  const { last, partition } = extent
  let [count, first] = [0, extent.first]
  while (first <= last) {
    const ticket = yield* hold(sql, partition)
    const walked = yield* Effect.ensuring(
      walkOn(sql, replay, { partition, ticket, first, last }),
      Effect.ignore(sql.unsafe(releasePartition, [partition, ticket]))
    )
    count += walked.count
    first = walked.first
  }
  return count
})

/**
 * Has events published again, in order, one partition after the other; `changed` is run as each is done. Answers how
 * many events that are.
 */
export const replayEvents = Effect.fnUntraced(function* (
  sql: Sql,
  replay: EventJournal.Replay,
  changed: Effect.Effect<void>
) {
  let count = 0
  for (const extent of yield* extents(sql, replay)) {
    count += yield* replayPartition(sql, replay, extent)
    yield* changed
  }
  return count
})
