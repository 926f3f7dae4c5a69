import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { EventJournal } from "../src/event/EventJournal.ts"
import {
  assertInOrder,
  busIsAway,
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
  takenSince,
  withPolicy,
  written
} from "./relayScene.ts"

describe("a bus that is away for ten minutes", () => {
  it("makes nothing dead, and gets everything in order when it is back", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      yield* running
      const ids = yield* Effect.forEach(Array.range(1, 10), () => someoneWith(2))
      yield* busIsAway
      for (const _ of Array.range(1, 20)) {
        yield* Effect.forEach(ids, rename)
        yield* passes("30 seconds")
      }
      assert.lengthOf(yield* taken(), 0)
      assert.deepInclude(yield* journal.status, { unpublished: 220, dead: 0 })
      yield* busIsBack
      yield* passes("7 seconds")
      yield* assertInOrder(ids)
      assert.deepInclude(yield* journal.status, { unpublished: 0, dead: 0, waiting: 0 })
      assert.lengthOf(yield* taken(), 220)
    }))

  it("is asked by a few events at a time, and not without pause", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* Effect.forEach(Array.range(1, 50), () => newcomer)
      yield* busIsAway
      yield* running
      yield* passes("10 seconds")
      const before = scene.calls.length
      yield* passes("9 minutes")
      const asked = scene.calls.slice(before)
      assert.isTrue(asked.every(({ events }) => events.length <= 4))
      assert.isAtLeast(asked.length, 100)
      assert.isAtMost(asked.length, 2 * 9 * 60)
    }))

  it("is suspected once, and said to be away and back once", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* withPolicy({ workers: 4 })(running)
      const ids = yield* Effect.forEach(Array.range(1, 20), () => newcomer)
      yield* busIsAway
      for (const _ of Array.range(1, 10)) {
        yield* Effect.forEach(ids, rename)
        yield* passes("1 minute")
      }
      yield* busIsBack
      yield* passes("1 minute")
      assert.lengthOf(scene.suspicions, 1)
      assert.deepStrictEqual(
        scene.logged.filter((line) => line.includes("The event bus")),
        ["The event bus is away; events wait until it is back", "The event bus is back"]
      )
      yield* busIsAway
      yield* Effect.forEach(ids, rename)
      yield* passes("1 minute")
      assert.lengthOf(scene.suspicions, 2)
    }))

  it("does not keep the cache from being told", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* busIsAway
      yield* running
      yield* Effect.forEach(Array.range(1, 30), () => newcomer)
      yield* passes("10 seconds")
      scene.reached.length = 0
      const id = yield* newcomer
      yield* passes("6 seconds")
      assert.deepInclude(scene.reached.flat(), { customerId: id, version: 1 })
    }))
})

describe("a bus that may have lost what it took last", () => {
  /** One event a second of one customer, until the bus is away; then one that waits. */
  const outageWhere = Effect.fnUntraced(function* (circumstance: Effect.Effect<void>) {
    yield* running
    const id = yield* newcomer
    for (const _ of Array.range(1, 19)) {
      yield* passes("1 second")
      yield* rename(id)
    }
    yield* passes("1 second")
    yield* circumstance
    yield* busIsAway
    yield* rename(id)
    return id
  })
  const outage = outageWhere(Effect.void)

  it("gets the last seconds again before anything newer", () =>
    Effect.gen(function* () {
      const id = yield* outage
      yield* passes("1 minute")
      const since = yield* busIsBack
      yield* passes("10 seconds")
      const events = yield* written(id)
      const again = yield* takenSince(since)
      assert.deepStrictEqual(again, events.slice(-again.length))
      // Those of the last five seconds, the one that waited, and no more than a look's time beside them.
      assert.isAtLeast(again.length, 7)
      assert.isAtMost(again.length, 9)
      assert.deepStrictEqual(firsts(yield* taken(id)), events)
    }))

  it("gets them again also where it was back before anybody could say so", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* outage
      const busy = yield* Effect.forEach(Array.range(1, 5), () => someoneWith(3))
      scene.answer = (event) => (event.customerId === id ? "too slow" : "taken")
      yield* passes("1 second")
      const since = yield* busIsBack
      for (const _ of Array.range(1, 5)) {
        yield* Effect.forEach(busy, rename)
        yield* passes("1 second")
      }
      yield* passes("10 seconds")
      const [{ seconds: window, at } = { seconds: 0, at: 0 }] = scene.suspicions
      assert.lengthOf(scene.suspicions, 1)
      assert.isAtLeast(window, 5 + Math.floor((at - seconds(20)) / 1000))
      const again = yield* takenSince(since)
      const events = yield* written(id)
      for (const eventId of events.slice(-6)) assert.include(again, eventId)
      yield* assertInOrder([id, ...busy])
    }))

  it("gets them again also where the outbox could not be told at first", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* outageWhere(Effect.sync(() => void (scene.suspectingFails = true)))
      yield* passes("5 seconds")
      const since = yield* busIsBack
      yield* passes("10 seconds")
      assert.deepStrictEqual(yield* takenSince(since), [])
      scene.suspectingFails = false
      yield* passes("10 seconds")
      const again = yield* takenSince(since)
      assert.deepStrictEqual(again, (yield* written(id)).slice(-again.length))
      assert.isAtLeast(again.length, 7)
      assert.lengthOf(scene.suspicions, 1)
    }))

  it("is suspected although the outbox could not be told what went out", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* outage
      scene.settlingFails = true
      yield* passes("1 minute")
      scene.settlingFails = false
      yield* busIsBack
      yield* passes("1 minute")
      assert.lengthOf(scene.suspicions, 1)
      yield* assertInOrder([id])
    }))

  it("is suspected where it went away in the middle of a claim, and gets nothing before it is back", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      scene.answer = () => (scene.calls.length === 1 ? "taken" : "away")
      const ids = yield* Effect.forEach(Array.range(1, 3), () => someoneWith(3))
      yield* running
      yield* passes("1 minute")
      assert.lengthOf(scene.suspicions, 1)
      assert.lengthOf(yield* taken(), 3)
      const since = yield* busIsBack
      yield* passes("10 seconds")
      assert.lengthOf(yield* takenSince(since), 9)
      yield* assertInOrder(ids)
    }))

  it("is left alone where nothing was published before", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const journal = yield* EventJournal
      const refused = yield* newcomer
      scene.answer = () => "refused"
      yield* withPolicy({ mostRefusals: 1 })(running)
      yield* passes("1 second")
      yield* busIsAway
      yield* newcomer
      yield* passes("10 seconds")
      assert.deepStrictEqual(
        scene.suspicions.map(({ again }) => again),
        [0]
      )
      const [dead] = yield* journal.dead(10)
      assert.strictEqual(dead?.customerId, refused)
    }))
})

describe("a bus that fails for one topic", () => {
  it("has little sent again: at most the window, and ever more seldom", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* running
      const ids = yield* Effect.forEach(Array.range(1, 5), () => newcomer)
      // What is sent again below was published after everybody came.
      yield* passes("1 minute")
      yield* Effect.forEach(ids, (id) => rename(id))
      yield* passes("1 second")
      scene.answer = ({ envelope }) => (envelope.eventType === "CustomerCreated" ? "away" : "taken")
      for (const _ of Array.range(1, 120)) {
        yield* newcomer
        yield* Effect.forEach(ids, (id) => rename(id))
        yield* passes("1 second")
      }
      assert.isAtMost(scene.suspicions.length, 4)
      const sent = yield* Effect.forEach(ids, (id) => taken(id))
      const meant = yield* Effect.forEach(ids, (id) => written(id))
      assert.isAtLeast(sent.flat().length, meant.flat().length - 20)
      assert.isAtMost(sent.flat().length, meant.flat().length * 1.5)
      yield* assertInOrder(ids)
    }))
})
