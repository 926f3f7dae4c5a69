import {
  isBehind,
  type Segment,
  SegmentDecisions,
  type SegmentId,
  SegmentNotFound,
  SegmentStore,
  wantedOf
} from "@customer-service/core"
import { Effect, Layer, type Result, Struct } from "effect"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"
import { beginRecompute, endRecompute, keepRecompute } from "./beginRecomputes.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { answered, keepKey } from "./idempotencyKeys.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { reviseCatalog } from "./segmentCatalogRow.ts"
import { ownRules } from "./segmentLock.ts"
import { readSegments, segmentRow } from "./SegmentRow.ts"
import { memberCount, memberCounts, saveSegment } from "./segmentStatements.ts"

/** Whether memberships are to follow the same rule as before. */
const isSameTarget = (before: Segment | undefined, after: Segment): boolean => {
  if (before === undefined) return false
  const [one, other] = [before, after].map((segment) => JSON.stringify(Struct.omit(wantedOf(segment), ["version"])))
  return one === other
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const replicas = yield* ReadReplicas

  const list = Effect.map(readSegments(sql), ({ segments }) => segments)

  /** Has memberships follow, where they do not yet. */
  const follow = Effect.fnUntraced(function* (before: Segment | undefined, after: Segment) {
    const isNeeded = isBehind(after) || after.isLeaving
    if (isSameTarget(before, after)) return isNeeded ? yield* keepRecompute(sql, after.id) : undefined
    yield* isNeeded ? beginRecompute(sql, after.id) : endRecompute(sql, after.id)
  })

  const keep = Effect.fnUntraced(function* (segments: ReadonlyArray<Segment>, segment: Segment) {
    if (segments.includes(segment)) return segment
    yield* sql.unsafe(saveSegment, [JSON.stringify(segmentRow(segment))])
    yield* follow(
      segments.find(({ id }) => id === segment.id),
      segment
    )
    const after = yield* reviseCatalog(sql)
    return after.find(({ id }) => id === segment.id) ?? segment
  })

  const write = Effect.fnUntraced(function* <E>(
    decide: (segments: ReadonlyArray<Segment>) => Result.Result<Segment, E>,
    once: SegmentStore.SegmentOnce | undefined
  ) {
    yield* sql.unsafe(ownRules)
    yield* answered(sql, once)
    const segments = yield* list
    const segment = yield* keep(segments, yield* Effect.fromResult(decide(segments)))
    if (once !== undefined) yield* keepKey(sql, once, once.answer(segment))
    return segment
  })

  return SegmentStore.SegmentStore.of({
    list: answering(list),
    find: Effect.fnUntraced(function* (reference) {
      const segment = SegmentDecisions.findIn(yield* list, reference)
      return segment ?? (yield* new SegmentNotFound({ segment: reference }))
    }, answering),
    memberCount: (id) =>
      answering(
        Effect.map(
          replicas.read((client) => client.unsafe<{ members: number }>(memberCount, [id]).unprepared),
          ([row]) => row?.members ?? 0
        )
      ),
    memberCounts: answering(
      Effect.map(
        // Planned anew each time: there may have been nobody when it was planned last.
        replicas.read((client) => client.unsafe<{ id: SegmentId; members: number }>(memberCounts).unprepared),
        (rows) => new Map(rows.map(({ id, members }) => [id, members]))
      )
    ),
    revision: answering(
      Effect.map(
        sql<{ revision: number }>`SELECT revision::float8 AS revision FROM segment_catalog`,
        ([row]) => row?.revision ?? 0
      )
    ),
    write: (decide, once) => answering(outOfDeadlock(sql.withTransaction(write(decide, once))))
  })
})

/** Segments in PostgreSQL, or in PGlite behind the same client; members are counted on the replicas. */
export const layer: Layer.Layer<SegmentStore.SegmentStore, never, SqlClient.SqlClient | ReadReplicas> = Layer.effect(
  SegmentStore.SegmentStore,
  make
)
