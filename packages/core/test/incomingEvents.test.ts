import { assert, describe } from "@effect/vitest"
import { BigDecimal, Effect, Fiber, Latch } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { deadLetterTopic } from "../src/event/EventEnvelope.ts"
import { Inbox } from "../src/event/Inbox.ts"
import * as IncomingEvents from "../src/order/IncomingEvents.ts"
import { topics } from "../src/order/IncomingMessage.ts"
import { CustomerStandings } from "../src/segment/CustomerStandings.ts"
import { registration } from "../src/testing/index.ts"
import { orderMessage, pointsMessage } from "../src/testing/incomingMessages.ts"
import { counted } from "./cacheScene.ts"
import { current, it, order, points, Scene, someone } from "./eventScene.ts"

const { receive } = IncomingEvents

const spent = Effect.fnUntraced(function* (id: Parameters<typeof current>[0]) {
  const { orderCount, totalSpent } = (yield* current(id)).segment
  return [BigDecimal.format(totalSpent), orderCount]
})

const told = Effect.map(CustomerMemory, ({ events }) => events.map(({ topic }) => topic))

describe("messages of other services", () => {
  it("are applied, each according to its kind, and answered in order", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* someone, yield* someone]
      const messages = [
        orderMessage(one.id, order("1200")),
        orderMessage(other.legacyId ?? 0, order("20")),
        pointsMessage(one.id, points(70)),
        { topic: topics.orders, id: "bus-7", data: "nonsense" }
      ]
      assert.deepStrictEqual(yield* receive(messages), ["applied", "applied", "applied", "dead"])
      assert.deepInclude((yield* current(one.id)).segment, { tier: "premium", loyaltyPoints: 70 })
      assert.deepStrictEqual(yield* spent(other.id), ["20", 1])
      assert.include(yield* told, deadLetterTopic)
    }))

  it("are told the cache with the customers as they are now, also where they were known", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      const message = orderMessage(id, order("10"))
      yield* receive([message])
      assert.deepStrictEqual(scene.noted, [yield* current(id)])
      scene.noted.length = 0
      // A process that was killed before its put has the message delivered again.
      assert.deepStrictEqual(yield* receive([message]), ["known"])
      assert.deepStrictEqual(scene.noted, [yield* current(id)])
    }))

  it("carry their correlation id into the events that follow", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const entry = order("1200")
      yield* receive([orderMessage(id, entry)])
      const { events } = yield* CustomerMemory
      const changed = events.filter(({ envelope }) => envelope.eventType === "CustomerSegmentChanged")
      assert.isNotEmpty(changed)
      for (const { envelope } of changed) {
        assert.strictEqual(envelope.metadata.correlationId, `correlation-${entry.eventId}`)
      }
    }))

  it("are in the shop's currency", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const policy = yield* CustomerPolicy
      const messages = [orderMessage(id, order("10"), "EUR"), orderMessage(id, order("10"), "USD")]
      const fates = yield* Effect.provideService(receive(messages), CustomerPolicy, {
        ...policy,
        defaultCurrency: "EUR"
      })
      assert.deepStrictEqual(fates, ["applied", "dead"])
      const [letter] = yield* (yield* Inbox).dead(10)
      assert.strictEqual(letter?.reason, "other_currency")
    }))

  it("have to be delivered again where the store does not answer, and the cache is told nothing", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      const message = orderMessage(id, order("10"))
      scene.inboxIsDown = true
      assert.strictEqual((yield* Effect.flip(receive([message])))._tag, "StorageUnavailable")
      assert.deepStrictEqual(scene.noted, [])
      scene.inboxIsDown = false
      assert.deepStrictEqual(yield* receive([message]), ["applied"])
    }))

  it("reach the cache though the process is told to stop in between", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      const [arrived, go] = [yield* Latch.make(), yield* Latch.make()]
      scene.afterReceipt = Effect.andThen(arrived.open, go.await)
      const receiving = yield* Effect.forkChild(receive([orderMessage(id, order("10"))]))
      yield* arrived.await
      const stopping = yield* Effect.forkChild(Fiber.interrupt(receiving), { startImmediately: true })
      yield* go.open
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(scene.noted, [yield* current(id)])
    }))

  it("are counted by what became of them", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const message = orderMessage(id, order("10"))
      yield* receive([message, message, { topic: topics.points, id: "bus-7", data: {} }])
      yield* receive([orderMessage(registration().customer.id, order("10"))])
      const counts = yield* Effect.forEach(["applied", "known", "dead", "parked"], (fate) =>
        counted(`customer_messages_${fate}_total`)
      )
      assert.deepStrictEqual(counts, [1, 1, 1, 1])
    }))
})

describe("messages for somebody who is not there", () => {
  /** A message for somebody who comes when she is told to. */
  const early = Effect.gen(function* () {
    const change = registration()
    const message = orderMessage(change.customer.id, order("1200"))
    assert.deepStrictEqual(yield* receive([message]), ["parked"])
    const comes = Effect.flatMap(CustomerRepository, (repository) => repository.insert(change))
    return { id: change.customer.id, message, comes }
  })

  it("wait until she comes", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { comes, id } = yield* early
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 0)
      yield* comes
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 1)
      assert.deepStrictEqual(yield* spent(id), ["1200", 1])
      assert.deepStrictEqual(scene.noted, [yield* current(id)])
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 0)
    }))

  it("are given up after their time, and can be tried again", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const { comes, id, message } = yield* early
      yield* TestClock.adjust("24 hours")
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 1)
      const [letter] = yield* inbox.dead(10)
      if (letter === undefined) return assert.fail("nothing is dead")
      assert.deepInclude(letter, { reason: "unknown_customer", eventId: message.id, message: message.data })
      yield* comes
      assert.strictEqual(yield* IncomingEvents.receiveAgain(letter.id), "applied")
      assert.deepStrictEqual(yield* spent(id), ["1200", 1])
      assert.deepStrictEqual(yield* inbox.dead(10), [])
    }))

  it("wait as long as the shop says", () =>
    Effect.gen(function* () {
      const message = orderMessage(registration().customer.id, order("1200"))
      yield* Effect.provideService(receive([message]), IncomingEvents.ParkedHours, 2)
      yield* TestClock.adjust("119 minutes")
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 0)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 1)
    }))

  it("do not wait for one that cannot be written", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const [one, broken, other] = [yield* early, yield* early, yield* early]
      yield* Effect.all([one.comes, broken.comes, other.comes])
      scene.breaksAt = broken.message.id
      yield* IncomingEvents.receiveParked()
      assert.deepStrictEqual(
        [yield* spent(one.id), yield* spent(other.id)],
        [
          ["1200", 1],
          ["1200", 1]
        ]
      )
      assert.deepStrictEqual(yield* spent(broken.id), ["0", 0])
      scene.breaksAt = undefined
      assert.strictEqual(yield* IncomingEvents.receiveParked(), 1)
      assert.deepStrictEqual(yield* spent(broken.id), ["1200", 1])
    }))
})

describe("messages that the bus gave up delivering", () => {
  it("are dead letters under their own topic, and can be tried again", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const { id } = yield* someone
      const message = orderMessage(id, order("10"))
      assert.deepStrictEqual(yield* IncomingEvents.receiveUndelivered([message]), ["dead"])
      assert.deepStrictEqual(yield* IncomingEvents.receiveUndelivered([message]), ["dead"])
      const [letter, ...others] = yield* inbox.dead(10)
      if (letter === undefined) return assert.fail("nothing is dead")
      assert.deepInclude(letter, { topic: topics.orders, eventId: message.id, reason: "undelivered" })
      assert.isEmpty(others)
      assert.strictEqual(yield* IncomingEvents.receiveAgain(letter.id), "applied")
      assert.deepStrictEqual(yield* spent(id), ["10", 1])
    }))

  it("are nothing to worry about where they were applied before", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const { id } = yield* someone
      const message = orderMessage(id, order("10"))
      yield* receive([message])
      assert.deepStrictEqual(yield* IncomingEvents.receiveUndelivered([message]), ["known"])
      assert.deepStrictEqual(yield* inbox.dead(10), [])
    }))
})

describe("a dead letter that is tried again", () => {
  it("stays dead where nothing has changed, and is nothing where there is none", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      yield* receive([{ topic: topics.orders, id: "bus-7", data: { eventId: "of-nobody" } }])
      const [letter] = yield* inbox.dead(10)
      assert.strictEqual(letter?.eventId, "of-nobody")
      assert.strictEqual(yield* IncomingEvents.receiveAgain(letter?.id ?? ""), "dead")
      assert.lengthOf(yield* inbox.dead(10), 1)
      assert.isUndefined(yield* IncomingEvents.receiveAgain("of nothing"))
    }))

  it("is applied where the shop's currency is another one by now", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const standings = yield* CustomerStandings
      const policy = yield* CustomerPolicy
      const { id } = yield* someone
      yield* receive([orderMessage(id, order("10"), "EUR")])
      const [letter] = yield* inbox.dead(10)
      const fate = yield* Effect.provideService(IncomingEvents.receiveAgain(letter?.id ?? ""), CustomerPolicy, {
        ...policy,
        defaultCurrency: "EUR"
      })
      assert.strictEqual(fate, "applied")
      assert.strictEqual((yield* standings.find(id)).customer.segment.orderCount, 1)
    }))
})
