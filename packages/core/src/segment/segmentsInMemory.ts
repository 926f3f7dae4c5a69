import { DateTime, Effect, Layer } from "effect"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { AlreadyAnswered, IdempotencyKeyReused } from "../request/Once.ts"
import { beginComparison } from "./comparisonsInMemory.ts"
import { withProgress } from "./recomputeProgress.ts"
import { isBehind, type Segment, type SegmentId } from "./Segment.ts"
import { findIn } from "./SegmentDecisions.ts"
import { SegmentNotFound } from "./SegmentErrors.ts"
import { putSegment, segmentList } from "./SegmentMemory.ts"
import { type SegmentOnce, SegmentStore } from "./SegmentStore.ts"

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const { answers, segments } = memory
  const oneAtATime = memory.writing.withPermits(1)

  const answered = (once: SegmentOnce | undefined) => {
    const earlier = once === undefined ? undefined : answers.get(once.key)
    if (once === undefined || earlier === undefined) return Effect.void
    return earlier.fingerprint === once.fingerprint
      ? Effect.fail(new AlreadyAnswered({ answer: earlier.answer }))
      : Effect.fail(new IdempotencyKeyReused())
  }

  const keep = (segment: Segment, now: DateTime.Utc): void => {
    if (segments.get(segment.id) === segment) return
    putSegment(memory, segment.id, segment)
    if (isBehind(segment) || segment.isLeaving) beginComparison(memory, segment.id, now)
    else memory.comparisons.delete(segment.id)
  }

  const write = (segment: Segment, once: SegmentOnce | undefined, now: DateTime.Utc): Segment => {
    keep(segment, now)
    const written = withProgress(memory, segment)
    if (once !== undefined) {
      answers.set(once.key, { fingerprint: once.fingerprint, answer: once.answer(written) })
    }
    return written
  }

  const countMembers = (): ReadonlyMap<SegmentId, number> => {
    const counts = new Map([...segments.keys()].map((id) => [id, 0]))
    for (const all of memory.memberships.values()) {
      for (const id of all.keys()) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    return counts
  }

  return SegmentStore.of({
    list: Effect.sync(() => segmentList(memory).map((segment) => withProgress(memory, segment))),
    find: (reference) =>
      Effect.suspend(() => {
        const segment = findIn(segmentList(memory), reference)
        return segment === undefined
          ? Effect.fail(new SegmentNotFound({ segment: reference }))
          : Effect.succeed(withProgress(memory, segment))
      }),
    memberCount: (id) => Effect.sync(() => countMembers().get(id) ?? 0),
    memberCounts: Effect.sync(countMembers),
    revision: Effect.sync(() => memory.revision.last),
    write: Effect.fnUntraced(function* (decide, once) {
      yield* answered(once)
      const segment = yield* Effect.fromResult(decide(segmentList(memory)))
      return write(segment, once, yield* DateTime.now)
    }, oneAtATime)
  })
})

/** Segments beside the customers in memory; the specification's are there from the beginning. */
export const layerMemory: Layer.Layer<SegmentStore, never, CustomerMemory> = Layer.effect(SegmentStore, make)
