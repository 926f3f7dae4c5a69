import { assert } from "@effect/vitest"
import { BigDecimal, Effect, Exit, Struct } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Inbox } from "../event/Inbox.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  asJson,
  assertFates,
  at,
  figuresAt,
  type InboxServices,
  order,
  orderOf,
  receivedAt,
  restating,
  shown,
  someone,
  spending,
  undeliverable
} from "./inboxContractMessages.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { plain } from "./strangers.ts"

const everythingOf = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const standings = yield* CustomerStandings
  const facts = yield* StoredFacts
  const inbox = yield* Inbox
  return asJson({
    customer: plain(yield* repository.get(id)),
    record: (yield* standings.find(id)).record,
    history: yield* standings.history(id),
    events: yield* facts.events(id),
    letters: yield* facts.eventsOfNobody,
    counts: yield* inbox.counts
  })
})

/** What messages do to where customers stand. */
export const restandings = (it: ContractSuite<InboxServices>): void => {
  it.effect("the change of a standing, its events and its history are written with the message", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const standings = yield* CustomerStandings
      const facts = yield* StoredFacts
      const { id } = yield* someone
      const dear = order("1500", -600)
      yield* assertFates([orderOf(id, dear)], ["applied"])
      const customer = yield* repository.get(id)
      assert.deepInclude(Struct.pick(customer, ["updatedAt", "version"]), { updatedAt: receivedAt, version: 2 })
      assert.deepInclude(customer.segment, { tier: "premium", segment: "high_value", orderCount: 1 })
      assert.strictEqual(BigDecimal.format(customer.segment.averageOrderValue), "1500")
      const since = { lastOrderAt: at(-600), premiumSince: at(-600), vipSince: undefined, highValueSince: at(-600) }
      const { totalSpent } = customer.segment
      const figures = { totalSpent, orderCount: 1, loyaltyPoints: 0, ...since }
      assert.deepStrictEqual(shown(yield* figuresAt(id)), shown(figures))
      const [, ...events] = yield* facts.events(id)
      assert.deepStrictEqual<unknown>(
        events.map(({ customerVersion, envelope: { data, metadata }, topic }) => ({
          customerVersion,
          data,
          metadata,
          topic
        })),
        [
          { change: "tier", from: "regular", to: "premium", reason: "totalSpent 1500.00 >= 1000" },
          { change: "label", from: "new_customer", to: "high_value", reason: "averageOrderValue 1500.00 >= 200" }
        ].map((change) => ({
          customerVersion: 2,
          data: { customerId: id, version: 2, ...change },
          metadata: { correlationId: `correlation-${dear.eventId}` },
          topic: "customers.segment.changed"
        }))
      )
      assert.deepStrictEqual(asJson(yield* standings.history(id)), [
        asJson({
          from: "regular",
          to: "premium",
          cause: "orders",
          reason: "totalSpent 1500.00 >= 1000",
          achievedAt: at(-600),
          at: receivedAt
        })
      ])
      yield* assertFates([orderOf(id, order("800", -500))], ["applied"])
      assert.strictEqual((yield* repository.get(id)).version, 3)
      assert.lengthOf(yield* facts.events(id), 3)
      assert.lengthOf(yield* standings.history(id), 1)
    })
  )

  it.effect("a message that fails to be written leaves nothing behind", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const [lucky, unlucky] = [yield* someone, yield* someone]
      yield* assertFates([orderOf(lucky.id, order("5"))], ["applied"])
      const before = yield* Effect.forEach([lucky, unlucky], ({ id }) => everythingOf(id))
      const early = order("1500", 5)
      const batch = [
        orderOf(lucky.id, early),
        undeliverable(),
        orderOf(unlucky.id, order("1500", 10)),
        orderOf(unlucky.id, order("20", 15, { orderId: early.orderId }))
      ]
      const sound = yield* restating()
      const broken = inbox.receive(batch, {
        ...sound,
        restate: (customer, record, figures) => {
          if (customer.id === unlucky.id) throw new Error("a decision with a flaw")
          return sound.restate(customer, record, figures)
        }
      })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(broken)))
      assert.deepStrictEqual(yield* Effect.forEach([lucky, unlucky], ({ id }) => everythingOf(id)), before)
      yield* assertFates(batch, ["applied", "dead", "applied", "applied"])
      assert.deepStrictEqual(yield* spending(lucky.id), ["5", 1])
      assert.deepStrictEqual(yield* spending(unlucky.id), ["1520", 2])
    })
  )
}
