import { type RecomputeProgress, type Segment, type SegmentId, type SegmentRecomputes } from "@customer-service/core"
import { DateTime, Effect, Struct } from "effect"
import type { SqlClient } from "effect/sql"
import { compareCustomers } from "./compareCustomers.ts"
import { OutboxBell } from "./OutboxBell.ts"
import {
  beginAgain,
  beginWaiting,
  claimAlone,
  claimRecompute,
  deleteSegment,
  endRecompute,
  noteProgress,
  noteWriters
} from "./recomputeStatements.ts"
import { reviseCatalog } from "./segmentCatalogRow.ts"
import { readSegments } from "./SegmentRow.ts"
import type { SegmentsNear } from "./segmentsNear.ts"
import { switchRule } from "./switchRule.ts"
import { tellMoves } from "./tellMoves.ts"

type Sql = SqlClient.SqlClient
type Step = SegmentRecomputes.RecomputeStep

interface Recompute {
  readonly segmentId: SegmentId
  readonly state: "new" | "waiting" | "comparing" | "switching" | "telling" | "leaving"
  readonly cursor: string
  readonly done: number
  readonly total: number
  readonly version: number
  readonly isActive: boolean
  readonly isAgain: boolean
  readonly startedAt: Date
}

interface Claimed extends Recompute {
  readonly waitsFor: ReadonlyArray<string> | null
  /** Whether a transaction that it waits for is still under way. */
  readonly isHeld: boolean
}

/** How much to do in a step, and when that is. */
export interface Stride {
  readonly most: number
  readonly now: DateTime.Utc
}

/** So many customers are held up at most by telling of them. */
const mostTold = 1000

/** What a step came to that leaves more to do: `count` customers more are compared, or told of. */
const underWay = (
  segment: Segment,
  recompute: Recompute,
  state: Exclude<Step["state"], "done">,
  count: number
): Step => {
  const [done, startedAt] = [recompute.done + count, DateTime.fromDateUnsafe(recompute.startedAt)]
  const progress: RecomputeProgress = {
    state: state === "telling" ? state : "comparing",
    done,
    total: Math.max(recompute.total, done),
    startedAt
  }
  return { segment: { ...segment, recompute: progress }, name: segment.name, state }
}

const compare = Effect.fnUntraced(function* (sql: Sql, segment: Segment, recompute: Recompute, { most, now }: Stride) {
  const { count, last } = yield* compareCustomers(sql, segment, { cursor: recompute.cursor, most, now })
  yield* sql.unsafe(noteProgress, [segment.id, count < most ? "switching" : "comparing", last, count])
  return underWay(segment, recompute, "comparing", count)
})

const wait = Effect.fnUntraced(function* (sql: Sql, segment: Segment, claimed: Claimed, stride: Stride) {
  const isFirst = claimed.waitsFor === null
  const [noted] = isFirst ? yield* sql.unsafe<{ readonly count: number }>(noteWriters, [segment.id]) : []
  if (!claimed.isHeld && (noted?.count ?? 0) === 0) return yield* compare(sql, segment, claimed, stride)
  return underWay(segment, claimed, "waiting", 0)
})

/** What comes when everybody was told of: nothing, unless the rule is another one by now, or the segment leaves. */
const end = Effect.fnUntraced(function* (sql: Sql, segment: Segment, recompute: Recompute, count: number) {
  const { id, isLeaving, name } = segment
  if (recompute.isAgain) {
    yield* sql.unsafe(beginAgain, [id])
    return underWay(segment, { ...recompute, done: 0 }, "comparing", 0)
  }
  if (isLeaving) {
    yield* sql.unsafe(noteProgress, [id, "leaving", null, count])
    return underWay(segment, recompute, "telling", count)
  }
  yield* sql.unsafe(endRecompute, [id])
  return { segment: Struct.omit(segment, ["recompute"]), name, state: "done" } satisfies Step
})

const tell = Effect.fnUntraced(function* (sql: Sql, segment: Segment, recompute: Recompute, { most, now }: Stride) {
  const limit = Math.min(most, mostTold)
  const { count, isAny, last } = yield* tellMoves(sql, { ...recompute, name: segment.name }, limit, now)
  if (isAny) yield* sql.afterCommit((yield* OutboxBell).ring)
  if (count < limit) return yield* end(sql, segment, recompute, count)
  yield* sql.unsafe(noteProgress, [segment.id, "telling", last, count])
  return underWay(segment, recompute, "telling", count)
})

/** A step that takes the rules for itself, and so comes in a transaction of its own. */
export interface StepAlone {
  readonly alone: SegmentId
}

/**
 * Does the next step, in a transaction, of a recompute that nobody else is at; of `only` where that is told. Answers
 * `again` where it has to be asked for once more, and undefined where there is nothing to do.
 */
export const nextStep = Effect.fnUntraced(function* (
  sql: Sql,
  segmentsNear: SegmentsNear,
  stride: Stride,
  only: SegmentId | undefined
) {
  const [claimed] = yield* sql.unsafe<Claimed>(claimRecompute, [only ?? null])
  if (claimed === undefined) return undefined
  const { segmentId, state } = claimed
  if (state === "switching" || state === "leaving") return { alone: segmentId } satisfies StepAlone
  if (state === "new") {
    yield* sql.unsafe(beginWaiting, [segmentId])
    return "again" as const
  }
  const { segments } = yield* segmentsNear.now
  const segment = segments.find(({ id }) => id === segmentId)
  if (segment === undefined) return "again" as const
  if (state === "telling") return yield* tell(sql, segment, claimed, stride)
  return yield* (state === "waiting" ? wait : compare)(sql, segment, claimed, stride)
})

const takeOut = Effect.fnUntraced(function* (sql: Sql, { id, name }: Segment) {
  yield* sql.unsafe(deleteSegment, [id])
  yield* reviseCatalog(sql)
  return { segment: undefined, name, state: "done" } satisfies Step
})

/**
 * Does a step of a recompute in a transaction that has the rules for itself. Answers undefined where somebody else was
 * first.
 */
export const stepAlone = Effect.fnUntraced(function* (sql: Sql, id: SegmentId, now: DateTime.Utc) {
  const [recompute] = yield* sql.unsafe<Recompute>(claimAlone, [id])
  const before = (yield* readSegments(sql)).segments.find((segment) => segment.id === id)
  if (recompute === undefined || before === undefined) return undefined
  if (recompute.state === "leaving") return yield* takeOut(sql, before)
  const moved = yield* switchRule(sql, before, now)
  if (moved === 0 && before.isLeaving) return yield* takeOut(sql, before)
  if (moved === 0) yield* sql.unsafe(endRecompute, [id])
  const segment = (yield* readSegments(sql)).segments.find((after) => after.id === id)
  return { segment, name: before.name, state: moved === 0 ? "done" : "telling" } satisfies Step
})
