import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Inbox } from "../event/Inbox.ts"
import { giveUp } from "../order/IncomingMessage.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { orderMessage } from "./incomingMessages.ts"
import { assertFates, type InboxServices, order, orderOf, read, receive, spending } from "./inboxContractMessages.ts"
import type { PassingTime } from "./passingTime.ts"
import { freshCustomerId, freshLegacyId, registration } from "./strangers.ts"

const counts = Effect.flatMap(Inbox, (inbox) => inbox.counts)

/** What is due of these messages, in order, as they came. */
const dueOf = Effect.fnUntraced(function* (eventIds: ReadonlyArray<string>) {
  const inbox = yield* Inbox
  const due = yield* inbox.dueParked(1000)
  return due.filter(({ eventId }) => eventIds.includes(eventId))
})

/** What becomes of messages whose customer is not there yet. */
export const parking = <R>(it: ContractSuite<InboxServices | R>, time: PassingTime<InboxServices | R>): void => {
  it.effect("a message for a customer who is not there is parked, and applied when she is", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const inbox = yield* Inbox
      const change = registration()
      const customer = { ...change.customer, legacyId: freshLegacyId() }
      const { id, legacyId } = customer
      const entries = [order("10", 3), order("20", 1), order("30", 2)] as const
      const sent = [orderMessage(id, entries[0]), orderMessage(legacyId, entries[1]), orderMessage(id, entries[2])]
      const eventIds = entries.map(({ eventId }) => eventId)
      const { parked } = yield* counts
      for (const message of sent) yield* assertFates([read(message)], ["parked"])
      yield* assertFates([...sent, ...sent].map(read), ["parked", "parked", "parked", "parked", "parked", "parked"])
      assert.strictEqual((yield* counts).parked, parked + 3)
      assert.deepStrictEqual(yield* dueOf(eventIds), [])

      yield* repository.insert({ ...change, customer })
      assert.deepStrictEqual(
        yield* dueOf(eventIds),
        sent.map(({ data, id: eventId, topic }) => ({ topic, eventId, message: data, isOver: false }))
      )
      assert.lengthOf(yield* inbox.dueParked(1), 1)
      // One comes again before the parked ones are taken up.
      yield* assertFates(sent.slice(2).map(read), ["applied"])
      const due = yield* dueOf(eventIds)
      assert.lengthOf(due, 2)
      const again = due.map(({ eventId, message, topic }) => read({ topic, id: eventId, data: message }))
      yield* assertFates(again, ["applied", "applied"])
      assert.deepStrictEqual(yield* dueOf(eventIds), [])
      assert.strictEqual((yield* counts).parked, parked)
      assert.deepStrictEqual(yield* spending(id), ["60", 3])
    })
  )

  it.effect("a parked message whose time is over becomes a dead letter", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const inbox = yield* Inbox
      const late = registration()
      const [missing, coming] = [order("10"), order("20")]
      const sent = [orderMessage(freshCustomerId(), missing), orderMessage(late.customer.id, coming)]
      const eventIds = [missing.eventId, coming.eventId]
      const before = yield* counts
      yield* receive(sent.map(read), 10)
      // Its time began when it came first.
      yield* receive(sent.map(read), 3600)
      assert.deepStrictEqual(yield* dueOf(eventIds), [])
      yield* time.advance("11 seconds")
      yield* repository.insert(late)
      const due = yield* dueOf(eventIds)
      assert.deepStrictEqual(
        due.map(({ eventId, isOver }) => [eventId, isOver]),
        [
          [missing.eventId, true],
          [coming.eventId, false]
        ]
      )
      yield* assertFates(
        sent.map((message, index) => (due[index]?.isOver === true ? giveUp(message) : read(message))),
        ["dead", "applied"]
      )
      assert.deepStrictEqual(yield* dueOf(eventIds), [])
      assert.deepStrictEqual(yield* counts, { parked: before.parked, dead: before.dead + 1 })
      const letters = yield* inbox.dead(1000)
      const letter = letters.find(({ eventId }) => eventId === missing.eventId)
      assert.deepInclude(letter, {
        reason: "unknown_customer",
        topic: "orders.order.completed",
        message: sent[0]?.data
      })
      assert.deepStrictEqual(yield* spending(late.customer.id), ["20", 1])
    })
  )

  it.effect("a parked message that still waits keeps no other from being due", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const change = registration()
      const waits = orderOf(freshCustomerId(), order("1"))
      const entry = order("2")
      yield* assertFates([waits, orderOf(change.customer.id, entry)], ["parked", "parked"])
      yield* repository.insert(change)
      const inbox = yield* Inbox
      const due = yield* inbox.dueParked(1)
      assert.deepStrictEqual(
        due.map(({ eventId }) => eventId),
        [entry.eventId]
      )
      yield* assertFates([orderOf(change.customer.id, entry)], ["applied"])
    })
  )
}
