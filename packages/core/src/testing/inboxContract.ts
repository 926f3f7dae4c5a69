import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { converging } from "./inboxContractConvergence.ts"
import { givingUp } from "./inboxContractDead.ts"
import {
  assertFates,
  figuresAt,
  type InboxServices,
  order,
  orderOf,
  points,
  pointsOf,
  receive,
  someone,
  spending
} from "./inboxContractMessages.ts"
import { parking } from "./inboxContractParked.ts"
import { restandings } from "./inboxContractStanding.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { plain } from "./strangers.ts"

/**
 * The contract of `Inbox`, beside the repository whose customers its messages are about. The store may be shared
 * with other tests that receive nothing.
 */
export const inboxContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<InboxServices | R, E>,
  time: PassingTime<InboxServices | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of Inbox`, (it) => {
    counting(it)
    tellingAgain(it)
    converging(it)
    restandings(it)
    parking(it, time)
    givingUp(it, time)
  })

const counting = (it: ContractSuite<InboxServices>): void => {
  it.effect("an order counts for its customer, by her id and by her Magento id", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id, legacyId } = yield* someone
      const messages = [id, id.toUpperCase(), legacyId, `${legacyId}`].map((name) => orderOf(name, order("10.0001")))
      const { customers } = yield* assertFates(messages, ["applied", "applied", "applied", "applied"])
      assert.deepStrictEqual(yield* spending(id), ["40.0004", 4])
      assert.deepStrictEqual(
        customers.map((customer) => plain(customer)),
        [plain(yield* repository.get(id))]
      )
      const other = yield* someone
      assert.deepStrictEqual(yield* spending(other.id), ["0", 0])
    })
  )

  it.effect("points are the newest balance and what was earned after it", () =>
    Effect.gen(function* () {
      const { id, legacyId } = yield* someone
      const balances: Array<number> = []
      const told = [
        points(100, 10),
        points(-30, 20),
        points(50, 40, 500),
        points(20, 50),
        points(70, 30),
        points(5, 45),
        points(1, 60, 10),
        points(-90, 70)
      ]
      for (const [index, entry] of told.entries()) {
        yield* assertFates([pointsOf(index % 2 === 0 ? id : legacyId, entry)], ["applied"])
        balances.push((yield* figuresAt(id)).loyaltyPoints)
      }
      assert.deepStrictEqual(balances, [100, 70, 500, 520, 520, 525, 10, 0])
      assert.deepStrictEqual(yield* spending(id), ["0", 0])
    })
  )
}

const tellingAgain = (it: ContractSuite<InboxServices>): void => {
  it.effect("messages of two topics under one id both count", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const dear = orderOf(id, order("1500"))
      const some = pointsOf(id, { ...points(7), eventId: dear.eventId })
      yield* assertFates([dear, some], ["applied", "applied"])
      yield* assertFates([some, dear], ["known", "known"])
      const former = orderOf(id, order("20"))
      yield* assertFates([former], ["applied"])
      yield* assertFates([pointsOf(id, { ...points(3), eventId: former.eventId })], ["applied"])
      assert.deepStrictEqual(yield* spending(id), ["1520", 2])
      assert.strictEqual((yield* figuresAt(id)).loyaltyPoints, 10)
    })
  )

  it.effect("the same message again changes nothing and is known", () =>
    Effect.gen(function* () {
      const facts = yield* StoredFacts
      const { id } = yield* someone
      const [dear, some] = [orderOf(id, order("1500")), pointsOf(id, points(7))]
      yield* assertFates([dear, some, dear], ["applied", "applied", "known"])
      const after = { figures: yield* figuresAt(id), events: yield* facts.events(id) }
      const { customers } = yield* assertFates([some, dear], ["known", "known"])
      assert.deepStrictEqual(
        customers.map((customer) => customer.id),
        [id]
      )
      const altered = orderOf(id, order("99", 500, { eventId: dear.eventId }))
      const twins = yield* Effect.all([receive([dear]), receive([altered]), receive([some])], {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        twins.flatMap(({ fates }) => fates),
        ["known", "known", "known"]
      )
      assert.deepStrictEqual({ figures: yield* figuresAt(id), events: yield* facts.events(id) }, after)
      assert.deepStrictEqual(yield* spending(id), ["1500", 1])
    })
  )

  it.effect("an order that is told again counts as it was told last, whichever comes first", () =>
    Effect.gen(function* () {
      const told = (id: string) => {
        const early = order("100", 10)
        const { completedAt, eventId, orderId } = early
        return [
          orderOf(id, early),
          orderOf(id, order("70.5", 20, { orderId, completedAt, eventId: `${eventId}-B` })),
          orderOf(id, order("40.25", 20, { orderId, completedAt, eventId: `${eventId}-a` }))
        ]
      }
      const [forth, back, together] = [yield* someone, yield* someone, yield* someone]
      for (const message of told(forth.id)) yield* assertFates([message], ["applied"])
      for (const message of told(back.id).toReversed()) yield* assertFates([message], ["applied"])
      yield* receive(told(together.id).toReversed())
      for (const { id } of [forth, back, together]) assert.deepStrictEqual(yield* spending(id), ["40.25", 1])
    })
  )

  it.effect("an order that moves to another customer counts for her alone", () =>
    Effect.gen(function* () {
      for (const places of [
        [0, 1],
        [1, 0]
      ]) {
        const [first, second] = [yield* someone, yield* someone]
        const early = order("1200", 10)
        const told = [
          orderOf(first.id, early),
          orderOf(second.id, order("1200", 20, { orderId: early.orderId }))
        ] as const
        yield* assertFates([orderOf(first.id, order("30", 5))], ["applied"])
        yield* Effect.forEach(places, (place) => receive(told.slice(place, place + 1)))
        assert.deepStrictEqual(yield* spending(first.id), ["30", 1])
        assert.deepStrictEqual(yield* spending(second.id), ["1200", 1])
        const { premiumSince } = yield* figuresAt(first.id)
        assert.isUndefined(premiumSince)
      }
    })
  )

  it.effect("whoever loses an order to another customer is told of with her", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [first, second] = [yield* someone, yield* someone]
      const early = order("1200", 10)
      yield* receive([orderOf(first.id, early)])
      const moved = orderOf(second.id, order("1200", 20, { orderId: early.orderId }))
      const { customers } = yield* receive([moved])
      const both = yield* repository.getMany([first.id, second.id])
      assert.sameDeepMembers(
        customers.map((customer) => plain(customer)),
        both.map((customer) => plain(customer))
      )
    })
  )
}
