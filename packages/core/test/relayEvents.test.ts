import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { EventJournal } from "../src/event/EventJournal.ts"
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
  taken,
  triesOf,
  withPolicy,
  written
} from "./relayScene.ts"

describe("a relay", () => {
  it("publishes each customer's events in order, and each of them once", () =>
    Effect.gen(function* () {
      const ids = yield* Effect.forEach(Array.range(1, 20), (count) => someoneWith(1 + (count % 5)))
      yield* running
      yield* passes("1 second")
      for (const id of ids) assert.deepStrictEqual(yield* taken(id), yield* written(id))
      assert.sameMembers([...(yield* taken())], [...(yield* written())])
      yield* passes("1 minute")
      assert.lengthOf(yield* taken(), (yield* written()).length)
    }))

  it("publishes what is written while it runs", () =>
    Effect.gen(function* () {
      yield* running
      yield* passes("1 minute")
      const id = yield* newcomer
      yield* passes("1 second")
      assert.lengthOf(yield* taken(id), 1)
      yield* rename(id)
      yield* passes("1 second")
      assert.deepStrictEqual(yield* taken(id), yield* written(id))
    }))

  it("gives the bus many events at once, but of a customer only the next", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      scene.callTakes = 10
      const ids = yield* Effect.forEach(Array.range(1, 30), () => someoneWith(3))
      yield* running
      yield* passes("1 second")
      assert.deepStrictEqual(
        scene.calls.map(({ events }) => events.length),
        [30, 30, 30]
      )
      for (const [index, { began, events }] of scene.calls.entries()) {
        assert.sameMembers(
          events.map(({ customerId }) => customerId),
          [...ids]
        )
        assert.isAtLeast(began, scene.calls[index - 1]?.ended ?? 0)
      }
    }))

  it("takes up no more than a batch at a time, and all of it in the end", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* Effect.forEach(Array.range(1, 25), () => newcomer)
      yield* withPolicy({ batch: 10 })(running)
      yield* passes("1 second")
      assert.deepStrictEqual(
        scene.calls.map(({ events }) => events.length),
        [10, 10, 5]
      )
    }))

  it("tells the cache the newest version that a customer has reached", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const [one, other] = [yield* someoneWith(3), yield* someoneWith(1)]
      yield* running
      yield* passes("1 second")
      assert.deepStrictEqual(scene.reached, [
        [
          { customerId: one, version: 3 },
          { customerId: other, version: 1 }
        ]
      ])
    }))

  it("publishes what is nobody's, and lets nobody wait for it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { events } = yield* CustomerMemory
      const id = yield* someoneWith(2)
      const [first] = events
      if (first === undefined) return assert.fail("nothing was written")
      const nobodys = (eventId: string) => ({
        ...first,
        customerId: undefined,
        customerVersion: 0,
        envelope: { ...first.envelope, eventId }
      })
      events.unshift(nobodys("one"), nobodys("other"))
      scene.answer = (event) => (idOf(event) === "one" ? "refused" : "taken")
      yield* running
      yield* passes("1 second")
      assert.deepStrictEqual(yield* taken(id), yield* written(id))
      assert.include(yield* taken(), "other")
      assert.isTrue(scene.reached.flat().every(({ customerId }) => customerId === id))
    }))
})

describe("an event that the bus refuses", () => {
  it("is tried again after pauses that grow, until it is dead", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const journal = yield* EventJournal
      scene.answer = () => "refused"
      const id = yield* newcomer
      const [eventId = ""] = yield* written(id)
      yield* running
      yield* passes("4 minutes")
      const tries = yield* triesOf(eventId)
      assert.lengthOf(tries, 10)
      for (const [index, moment] of tries.slice(1).entries()) {
        const pause = moment - (tries[index] ?? 0)
        const longest = Math.min(seconds(60), 500 * 2 ** index)
        assert.isAtLeast(pause, longest / 2)
        // Those who wait look once a second.
        assert.isAtMost(pause, longest + 1100)
      }
      const [dead] = yield* journal.dead(10)
      assert.deepInclude(dead, { eventId, customerId: id, reason: "it is too long", refusals: 10 })
    }))

  it("holds back the later ones of its customer, and nobody else's", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const journal = yield* EventJournal
      const [stuck, other] = [yield* someoneWith(3), yield* someoneWith(3)]
      const [, refused = ""] = yield* written(stuck)
      scene.answer = (event) => (idOf(event) === refused ? "refused" : "taken")
      yield* running
      yield* passes("4 minutes")
      yield* rename(stuck)
      yield* rename(other)
      yield* passes("1 minute")
      assert.deepStrictEqual(yield* taken(stuck), (yield* written(stuck)).slice(0, 1))
      assert.deepStrictEqual(yield* taken(other), yield* written(other))
      assert.deepInclude(yield* journal.status, { unpublished: 3, dead: 1 })
      assert.deepStrictEqual(scene.suspicions, [])

      scene.answer = () => "taken"
      yield* journal.retry(refused)
      yield* passes("2 seconds")
      assert.deepStrictEqual(yield* taken(stuck), yield* written(stuck))
    }))

  it("is dead after as many refusals as the policy says", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      scene.answer = () => "refused"
      const id = yield* newcomer
      yield* withPolicy({ mostRefusals: 3 })(running)
      yield* passes("1 minute")
      assert.lengthOf(yield* triesOf((yield* written(id))[0]), 3)
    }))
})

describe("two relays on one outbox", () => {
  it("lose nothing, send nothing twice, and keep each customer's order", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      scene.callTakes = 30
      yield* running
      yield* running
      const ids = yield* Effect.forEach(Array.range(1, 10), () => newcomer)
      for (const _ of Array.range(1, 20)) {
        yield* Effect.forEach(ids, (id) => rename(id), { concurrency: "unbounded" })
        yield* passes("70 millis")
      }
      yield* passes("10 seconds")
      for (const id of ids) assert.deepStrictEqual(yield* taken(id), yield* written(id))
      for (const { began, ended } of scene.calls) {
        const meanwhile = scene.calls.filter((other) => other.began > began && other.began < ended)
        assert.deepStrictEqual(meanwhile, [], "the memory is one partition, which is one relay's at a time")
      }
    }))
})
