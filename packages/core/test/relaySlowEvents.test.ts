import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { EventJournal } from "../src/event/EventJournal.ts"
import {
  assertInOrder,
  busIsBack,
  firsts,
  it,
  newcomer,
  passes,
  rename,
  running,
  Scene,
  seconds,
  someoneWith,
  taken,
  triesOf,
  written
} from "./relayScene.ts"

describe("one event that the bus never takes in time", () => {
  it("stops nobody else, and has the last seconds sent again once at most", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const journal = yield* EventJournal
      const ids = yield* Effect.forEach(Array.range(1, 5), () => newcomer)
      const slow = yield* newcomer
      scene.answer = (event) => (event.customerId === slow ? "too slow" : "taken")
      yield* running
      for (const _ of Array.range(1, 20)) {
        yield* Effect.forEach(ids, rename)
        yield* passes("20 seconds")
      }
      for (const id of ids) assert.deepStrictEqual(firsts(yield* taken(id)), yield* written(id))
      assert.isAtMost(scene.suspicions.length, 1)
      assert.isAtMost((yield* taken()).length, 5 * 21 + 10)
      assert.deepInclude(yield* journal.status, { unpublished: 1, dead: 0 })
    }))

  it("is tried once a minute in the end, and goes out when the bus takes it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const slow = yield* someoneWith(2)
      const other = yield* newcomer
      scene.answer = (event) => (event.customerId === slow ? "too slow" : "taken")
      yield* running
      yield* passes("9 minutes")
      const tries = yield* triesOf((yield* written(slow))[0])
      const later = tries.filter((moment) => moment > seconds(4 * 60))
      assert.isAtMost(later.length, 10)
      assert.isAtLeast(later.length, 4)
      yield* busIsBack
      yield* passes("65 seconds")
      yield* assertInOrder([slow, other])
    }))

  it("is told from a bus that is away also by several of its kind", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const slow = yield* Effect.forEach(Array.range(1, 3), () => newcomer)
      scene.answer = ({ customerId }) => (customerId !== undefined && slow.includes(customerId) ? "too slow" : "taken")
      yield* running
      const id = yield* newcomer
      for (const _ of Array.range(1, 20)) {
        yield* rename(id)
        yield* passes("20 seconds")
      }
      assert.isAtMost(scene.suspicions.length, 3)
      assert.deepStrictEqual(firsts(yield* taken(id)), yield* written(id))
    }))
})
