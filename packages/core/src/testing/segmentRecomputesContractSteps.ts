import { assert } from "@effect/vitest"
import { Array, Effect, Fiber, Layer } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { Segment } from "../segment/Segment.ts"
import type { SegmentRecomputes } from "../segment/SegmentRecomputes.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  changeSegment,
  membersAmong,
  people,
  recompute,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  step,
  toldOf
} from "./segmentContractPeople.ts"
import { freshWord } from "./strangers.ts"

/** A segment whose rule is to become another one, and those whom that moves. */
const beginning = Effect.gen(function* () {
  const group = freshWord()
  const segment = yield* segmentOf(scoring(group, "gte", 6))
  const ids = yield* people(group, 12)
  yield* settle()
  yield* changeSegment(segment, { rule: scoring(group, "lt", 6) })
  return { segment, ids }
})

/** That everybody is where the new rule puts her, and was told of once. */
const assertThrough = Effect.fnUntraced(function* (ids: ReadonlyArray<CustomerId>, segment: Segment) {
  assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(0, 6))
  const told = yield* Effect.forEach(ids, (id) => toldOf(id, segment))
  assert.deepStrictEqual(told, [
    ...Array.replicate(["joined by 2"], 6),
    ...Array.replicate(["joined by 1", "left by 2"], 6)
  ])
})

/** What becomes of recomputes that are gone on with by others, by several, or not at all. */
export const stepping = <R>(
  it: ContractSuite<SegmentServices | R>,
  another: Layer.Layer<SegmentRecomputes, never, SegmentServices | R>
): void => {
  it.effect("a recompute that is gone on with by another process after any step ends with the same memberships", () =>
    Effect.gen(function* () {
      const { ids, segment } = yield* beginning
      const elsewhere = Effect.provide(step(5), Layer.fresh(another))
      const states: Array<string> = []
      for (let done = yield* elsewhere; done !== undefined; done = yield* elsewhere) states.push(done.state)
      assert.includeMembers(states, ["comparing", "telling", "done"])
      assert.isUndefined(yield* step(5))
      yield* assertThrough(ids, segment)
    })
  )

  it.effect("two processes that step at a time do nothing twice", () =>
    Effect.gen(function* () {
      const { ids, segment } = yield* beginning
      const elsewhere = Effect.provide(recompute(3), Layer.fresh(another))
      const runs = yield* Effect.all([recompute(3), elsewhere, recompute(4)], { concurrency: "unbounded" })
      const rest = yield* recompute(3)
      assert.lengthOf(
        [...runs.flat(), ...rest].filter(({ state }) => state === "done"),
        1
      )
      yield* assertThrough(ids, segment)
    })
  )

  it.effect("an interrupted step leaves nothing half done", () =>
    Effect.gen(function* () {
      const { ids, segment } = yield* beginning
      let turns = 0
      for (let done = yield* step(4); done !== undefined; done = yield* step(4)) {
        const fiber = yield* Effect.forkChild(step(4))
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        turns += 1
        yield* Fiber.interrupt(fiber)
        const members = yield* membersAmong(ids, segment)
        assert.include([ids.slice(0, 6), ids.slice(6)].map(String), String(members))
      }
      yield* assertThrough(ids, segment)
    })
  )
}
