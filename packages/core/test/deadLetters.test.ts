import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as DeadLetters from "../src/event/DeadLetters.ts"
import { Outbox } from "../src/event/Outbox.ts"
import * as IncomingEvents from "../src/order/IncomingEvents.ts"
import { topics } from "../src/order/IncomingMessage.ts"
import { orderMessage } from "../src/testing/incomingMessages.ts"
import { current, it, order, someone } from "./eventScene.ts"

/** The first event that is due is refused for good. */
const refuseOne = Effect.gen(function* () {
  const outbox = yield* Outbox
  const claim = yield* Effect.flatMap(outbox.claim({ most: 1, leaseSeconds: 10 }), Effect.fromOption)
  const refused = claim.events.map(({ position }) => ({ position, reason: "it is too long", retrySeconds: undefined }))
  yield* outbox.settle(claim, { published: [], refused, delayed: [] })
  return claim.events[0]?.envelope.eventId ?? ""
})

const nonsense = { topic: topics.points, id: "bus-7", data: { secret: "jane.doe@example.com" } }

const idOfIncoming = Effect.map(
  DeadLetters.list(10),
  (all) => all.find(({ direction }) => direction === "incoming")?.id ?? ""
)

describe("what is dead", () => {
  it("is listed in both directions, oldest first, without what is in it", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const eventId = yield* refuseOne
      yield* TestClock.adjust("1 minute")
      yield* IncomingEvents.receive([nonsense])
      const [outgoing, incoming, ...others] = yield* DeadLetters.list(10)
      assert.isEmpty(others)
      if (outgoing === undefined || incoming === undefined) return assert.fail("nothing is dead")
      assert.deepInclude(outgoing, {
        id: eventId,
        direction: "outgoing",
        topic: "customers.customer.created",
        eventId,
        customerId: id,
        reason: "it is too long"
      })
      assert.deepInclude(incoming, { direction: "incoming", topic: topics.points, eventId: "bus-7" })
      assert.isTrue(incoming.reason.startsWith("malformed: "), incoming.reason)
      assert.notInclude(JSON.stringify(incoming), "jane")
    }))

  it("is listed no further than is asked for, of each direction", () =>
    Effect.gen(function* () {
      yield* IncomingEvents.receive([nonsense, { ...nonsense, id: "bus-8" }])
      assert.lengthOf(yield* DeadLetters.list(1), 1)
      assert.lengthOf(yield* DeadLetters.list(2), 2)
    }))

  it("is due again where it is an event of ours that is tried again", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      yield* someone
      const eventId = yield* refuseOne
      assert.isTrue(yield* DeadLetters.isThere(eventId))
      assert.strictEqual(yield* DeadLetters.retry(eventId), "due")
      assert.isFalse(yield* DeadLetters.isThere(eventId))
      const claim = yield* Effect.flatMap(outbox.claim({ most: 1, leaseSeconds: 10 }), Effect.fromOption)
      assert.strictEqual(claim.events[0]?.envelope.eventId, eventId)
    }))

  it("is applied where it is a message that can be by now", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* IncomingEvents.receiveUndelivered([orderMessage(id, order("10"))])
      const letter = yield* idOfIncoming
      assert.isTrue(yield* DeadLetters.isThere(letter))
      assert.strictEqual(yield* DeadLetters.retry(letter), "applied")
      assert.isFalse(yield* DeadLetters.isThere(letter))
      assert.strictEqual((yield* current(id)).segment.orderCount, 1)
    }))

  it("stays dead where it is a message that still cannot be applied", () =>
    Effect.gen(function* () {
      yield* IncomingEvents.receive([nonsense])
      const letter = yield* idOfIncoming
      assert.strictEqual(yield* DeadLetters.retry(letter), "dead")
      assert.isTrue(yield* DeadLetters.isThere(letter))
    }))

  it("is given up for good in either direction", () =>
    Effect.gen(function* () {
      yield* someone
      const eventId = yield* refuseOne
      yield* IncomingEvents.receive([nonsense])
      for (const id of [eventId, yield* idOfIncoming]) {
        assert.isTrue(yield* DeadLetters.drop(id))
        assert.isFalse(yield* DeadLetters.isThere(id))
        assert.isFalse(yield* DeadLetters.drop(id))
      }
      assert.deepStrictEqual(yield* DeadLetters.list(10), [])
    }))

  it("is nothing under an id that nothing dead has", () =>
    Effect.gen(function* () {
      yield* someone
      for (const id of ["", "nothing"]) {
        assert.isFalse(yield* DeadLetters.isThere(id))
        assert.isFalse(yield* DeadLetters.drop(id))
        assert.strictEqual(yield* DeadLetters.retry(id), "missing")
      }
    }))
})
