import { DateTime, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { oneWriteAtATime } from "../customer/memoryWriter.ts"
import { envelop } from "../event/EventEnvelope.ts"
import { beginComparison, compareSome } from "./comparisonsInMemory.ts"
import { forgetSegment } from "./keptMemberships.ts"
import { progressOf, withProgress } from "./recomputeProgress.ts"
import type { Segment, SegmentId } from "./Segment.ts"
import { putSegment, type Untold } from "./SegmentMemory.ts"
import { type RecomputeStep, SegmentRecomputes } from "./SegmentRecomputes.ts"
import { movedByRule } from "./untoldInMemory.ts"

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  const oneAtATime = yield* oneWriteAtATime
  const { comparisons, customers, segments, untold } = memory

  /** How a segment is after a step; one that leaves is gone once there is nothing more to do. */
  const stepped = ({ id, isLeaving, name }: Segment): RecomputeStep => {
    const state = progressOf(memory, id)?.state ?? "done"
    if (state === "done" && isLeaving) {
      putSegment(memory, id, undefined)
      forgetSegment(memory, id)
    }
    const segment = segments.get(id)
    return { segment: segment === undefined ? undefined : withProgress(memory, segment), name, state }
  }

  const eventsOf =
    (segment: Segment, now: DateTime.Utc) =>
    ([id, joins]: readonly [CustomerId, boolean]) => {
      const customer = customers.get(id)
      return customer === undefined
        ? Effect.succeed([])
        : envelop({ id, version: customer.version, updatedAt: now }, [movedByRule(customer, segment, joins)])
    }

  const tell = Effect.fnUntraced(
    function* (segment: Segment, { moves }: Untold, most: number, now: DateTime.Utc) {
      const some = [...moves].slice(0, most)
      const events = yield* Effect.forEach(some, eventsOf(segment, now))
      memory.events.push(...events.flat())
      for (const [id] of some) moves.delete(id)
      if (moves.size === 0) untold.delete(segment.id)
      return stepped(segment)
    },
    Effect.provideService(SecureRandom.SecureRandom, random)
  )

  const compare = (segment: Segment, most: number, now: DateTime.Utc): RecomputeStep => {
    const comparison = comparisons.get(segment.id)
    if (comparison !== undefined) compareSome(memory, segment, comparison, most, now)
    return stepped(segment)
  }

  /** Whose turn it is: those first of whom others are still to be told. */
  const next = (only: SegmentId | undefined): Segment | undefined => {
    const id = [...untold.keys(), ...comparisons.keys()].find((each) => only === undefined || each === only)
    return id === undefined ? undefined : segments.get(id)
  }

  return SegmentRecomputes.of({
    start: Effect.fnUntraced(function* (ids) {
      const now = yield* DateTime.now
      const present = [...new Set(ids)].filter((id) => segments.has(id))
      for (const id of present) beginComparison(memory, id, now)
      return present.length
    }, oneAtATime),
    step: Effect.fnUntraced(function* (most, now, only) {
      const segment = next(only)
      if (segment === undefined) return undefined
      const moves = untold.get(segment.id)
      return moves === undefined ? compare(segment, most, now) : yield* tell(segment, moves, most, now)
    }, oneAtATime)
  })
})

/** Recomputes of the segments in memory. */
export const layerMemory: Layer.Layer<SegmentRecomputes, never, CustomerMemory | SecureRandom.SecureRandom> =
  Layer.effect(SegmentRecomputes, make)
