import { assert } from "@effect/vitest"
import { DateTime, Effect, Option, Struct } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Inbox } from "../event/Inbox.ts"
import { givenUp } from "../order/IncomingMessage.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { orderMessage } from "./incomingMessages.ts"
import {
  asJson,
  assertFates,
  figuresAt,
  type InboxServices,
  order,
  orderOf,
  points,
  pointsOf,
  read,
  receive,
  someone,
  spending,
  undeliverable
} from "./inboxContractMessages.ts"
import type { PassingTime } from "./passingTime.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { bringing, freshWord } from "./strangers.ts"

const letterOf = Effect.fnUntraced(function* (eventId: string) {
  const inbox = yield* Inbox
  const letters = yield* inbox.dead(1000)
  return letters.filter((letter) => letter.eventId === eventId)
})

const erase = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const store = yield* PersonalDataStore
  const now = yield* DateTime.now
  const erasure = { dueAt: now, requestedAt: now, requestedBy: "ada", reason: "she asked for it" }
  yield* repository.modify(id, bringing({ erasure }))
  yield* store.claimDue({ most: 1, leaseSeconds: 600, only: id })
  yield* store.erase(id)
})

/** What becomes of messages that cannot be applied, and of those about somebody who was erased. */
export const givingUp = <R>(it: ContractSuite<InboxServices | R>, time: PassingTime<InboxServices | R>): void => {
  it.effect("a message that can never be applied becomes one dead letter, and one event on the dead letter topic", () =>
    Effect.gen(function* () {
      const facts = yield* StoredFacts
      const inbox = yield* Inbox
      const before = yield* facts.eventsOfNobody
      const { dead } = yield* inbox.counts
      const [one, other] = [undeliverable(), undeliverable({ reason: "other_currency", message: freshWord() })]
      const { customers } = yield* assertFates([one, one], ["dead", "dead"])
      assert.deepStrictEqual(customers, [])
      yield* time.advance("10 millis")
      yield* assertFates([other, one], ["dead", "dead"])
      const letters = (yield* inbox.dead(1000)).filter(({ eventId }) => [one.eventId, other.eventId].includes(eventId))
      assert.deepStrictEqual<unknown>(
        letters.map((letter) => Struct.omit(letter, ["id", "since"])),
        [one, other].map((message) => Struct.omit(message, ["_tag"]))
      )
      for (const letter of letters) {
        assert.deepStrictEqual(asJson(yield* inbox.findDead(letter.id)), asJson(Option.some(letter)))
      }
      const events = (yield* facts.eventsOfNobody).slice(before.length)
      assert.deepStrictEqual<unknown>(
        events.map(({ customerId, envelope: { data, eventType }, topic }) => ({ customerId, data, eventType, topic })),
        letters.map((letter) => ({
          customerId: undefined,
          data: { ...Struct.pick(letter, ["topic", "eventId", "reason", "detail"]), deadLetterId: letter.id },
          eventType: "EventDeadLettered",
          topic: "customers.deadletter"
        }))
      )
      assert.lengthOf(yield* inbox.dead(1), 1)
      assert.strictEqual((yield* inbox.counts).dead, dead + 2)
      for (const letter of letters) assert.isTrue(yield* inbox.dropDead(letter.id))
      for (const letter of letters) assert.isFalse(yield* inbox.dropDead(letter.id))
      assert.strictEqual((yield* inbox.counts).dead, dead)
      assert.deepStrictEqual(yield* inbox.findDead(letters[0]?.id ?? ""), Option.none())
    })
  )

  it.effect("a dead letter that is received again and can be applied is dead no longer", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const entry = order("12.5")
      const message = orderMessage(id, entry)
      yield* assertFates([givenUp(message)], ["dead"])
      assert.lengthOf(yield* letterOf(entry.eventId), 1)
      yield* assertFates([read(message)], ["applied"])
      assert.lengthOf(yield* letterOf(entry.eventId), 0)
      assert.deepStrictEqual(yield* spending(id), ["12.5", 1])
      // What was applied is not given up any more, whatever the bus says.
      yield* assertFates([givenUp(message)], ["known"])
      assert.lengthOf(yield* letterOf(entry.eventId), 0)
    })
  )

  it.effect("a message for an erased customer is known and leaves nothing behind", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const facts = yield* StoredFacts
      const [gone, heir] = [yield* someone, yield* someone]
      const moving = order("40")
      yield* assertFates([orderOf(gone.id, moving)], ["applied"])
      yield* erase(gone.id)
      const before = {
        counts: yield* inbox.counts,
        events: yield* facts.events(gone.id),
        letters: yield* facts.eventsOfNobody
      }
      const late = orderMessage(gone.id, order("10"))
      const { customers } = yield* assertFates(
        [read(late), pointsOf(gone.id, points(5)), givenUp(orderMessage(gone.id, order("10"))), read(late)],
        ["known", "known", "known", "known"]
      )
      assert.deepStrictEqual(customers, [])
      const after = {
        counts: yield* inbox.counts,
        events: yield* facts.events(gone.id),
        letters: yield* facts.eventsOfNobody
      }
      assert.deepStrictEqual(after, before)
      // What was hers may turn out to be somebody else's.
      yield* receive([orderOf(heir.id, order("40", 20, { orderId: moving.orderId })), orderOf(heir.id, order("2"))])
      assert.strictEqual((yield* figuresAt(heir.id)).orderCount, 2)
      assert.deepStrictEqual(yield* facts.events(gone.id), before.events)
    })
  )
}
