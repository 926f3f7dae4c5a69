import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { CacheUpkeep } from "../src/customer/CacheUpkeep.ts"
import * as RelayEvents from "../src/event/RelayEvents.ts"
import {
  idOf,
  it,
  newcomer,
  passes,
  rename,
  running,
  Scene,
  seconds,
  someoneWith,
  stopped,
  taken,
  withPolicy,
  written
} from "./relayScene.ts"

describe("a claim that takes long", () => {
  it("publishes nothing in the second half of its lease, and goes on under another", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* someoneWith(10)
      scene.callTakes = seconds(2)
      yield* withPolicy({ leaseSeconds: 10 })(running)
      yield* passes("9 seconds")
      assert.deepStrictEqual(
        scene.calls.map(({ began }) => began / 1000),
        [0, 2, 4, 6, 8]
      )
      yield* passes("20 seconds")
      assert.deepStrictEqual(yield* taken(id), yield* written(id))
    }))

  it("is given up before its lease is over where the bus never answers", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const ids = yield* Effect.forEach(Array.range(1, 3), () => someoneWith(2))
      scene.instead = Effect.never
      yield* withPolicy({ workers: 1 })(running)
      yield* passes("20 seconds")
      for (const id of ids) assert.deepStrictEqual(yield* taken(id), yield* written(id))
    }))
})

describe("a relay goes on", () => {
  it("where the publisher breaks", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* someoneWith(3)
      scene.instead = Effect.die(new TypeError("no such encoding"))
      yield* running
      yield* passes("5 seconds")
      assert.deepStrictEqual(yield* taken(id), yield* written(id))
      assert.isTrue(scene.logged.some((line) => line.includes("publisher")))
    }))

  it("where one event breaks the publisher each time, for everybody else", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const ids = yield* Effect.forEach(Array.range(1, 5), () => someoneWith(2))
      const [broken = ""] = yield* written(ids[2])
      scene.answer = (event) => {
        if (idOf(event) === broken) throw new TypeError("no such encoding")
        return "taken"
      }
      yield* running
      yield* passes("1 minute")
      for (const [index, id] of ids.entries()) {
        assert.deepStrictEqual([...new Set(yield* taken(id))], index === 2 ? [] : yield* written(id))
      }
    }))

  it("where the publisher answers for too few, as if the others had not gone out", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const ids = yield* Effect.forEach(Array.range(1, 3), () => newcomer)
      scene.instead = Effect.succeed([])
      yield* running
      yield* passes("5 seconds")
      for (const id of ids) assert.deepStrictEqual(yield* taken(id), yield* written(id))
    }))

  it("where the outbox does not answer for a while", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* someoneWith(3)
      scene.settlingFails = true
      yield* running
      yield* passes("1 minute")
      scene.settlingFails = false
      yield* passes("20 seconds")
      assert.deepStrictEqual([...new Set(yield* taken(id))], yield* written(id))
      const before = (yield* taken(id)).length
      yield* passes("1 minute")
      assert.lengthOf(yield* taken(id), before)
    }))

  it("where the cache cannot be caught up", () =>
    Effect.gen(function* () {
      const id = yield* someoneWith(3)
      const broken = { note: () => Effect.void, catchUp: () => Effect.die(new TypeError("no such row")) }
      yield* Effect.provideService(running, CacheUpkeep, broken)
      yield* passes("1 minute")
      assert.deepStrictEqual(yield* taken(id), yield* written(id))
    }))
})

describe("a relay that is stopped", () => {
  it("leaves what it has not published to others at once, and nothing twice", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      scene.callTakes = 100
      const id = yield* someoneWith(5)
      const fiber = yield* running
      yield* passes("210 millis")
      yield* stopped(fiber)
      assert.lengthOf(yield* taken(id), 3)
      yield* running
      yield* passes("1 second")
      const events = yield* written(id)
      // The third was on its way, and may not have arrived.
      assert.deepStrictEqual(yield* taken(id), [...events.slice(0, 3), ...events.slice(2)])
    }))
})

describe("draining", () => {
  it("publishes what is due and says how much that was", () =>
    Effect.gen(function* () {
      const ids = yield* Effect.forEach(Array.range(1, 5), () => someoneWith(3))
      assert.deepStrictEqual(yield* RelayEvents.drain(), { count: 15, isAway: false })
      assert.deepStrictEqual(yield* RelayEvents.drain(), { count: 0, isAway: false })
      for (const id of ids) assert.deepStrictEqual(yield* taken(id), yield* written(id))
    }))

  it("does not wait for what is not due yet", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* Effect.forEach(Array.range(1, 3), () => newcomer)
      scene.answer = () => "refused"
      assert.deepStrictEqual(yield* RelayEvents.drain(), { count: 0, isAway: false })
      assert.lengthOf(scene.calls, 1)
      scene.answer = () => "taken"
      yield* passes("1 minute")
      assert.deepStrictEqual(yield* RelayEvents.drain(), { count: 3, isAway: false })
    }))

  it("ends where the bus is away, with what it may have lost due again", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* newcomer
      yield* RelayEvents.drain()
      scene.answer = () => "away"
      yield* Effect.forEach(Array.range(1, 300), () => newcomer)
      assert.deepStrictEqual(yield* RelayEvents.drain(), { count: 0, isAway: true })
      assert.lengthOf(scene.suspicions, 1)
      scene.answer = () => "taken"
      yield* passes("1 minute")
      assert.deepStrictEqual(yield* RelayEvents.drain(), { count: 301, isAway: false })
      assert.lengthOf(yield* taken(id), 2)
    }))

  it("goes on where one event alone is not taken", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const slow = yield* newcomer
      scene.answer = ({ customerId }) => (customerId === slow ? "away" : "taken")
      const ids = yield* Effect.forEach(Array.range(1, 3), () => newcomer)
      const { isAway } = yield* withPolicy({ batch: 1 })(RelayEvents.drain())
      assert.isFalse(isAway)
      for (const id of ids) assert.deepStrictEqual(yield* taken(id), yield* written(id))
      yield* rename(slow)
      assert.lengthOf(yield* taken(slow), 0)
    }))
})
