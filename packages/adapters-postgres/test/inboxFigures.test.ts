import { CustomerRepository, type Figures, figuresOf, Inbox, StandingDecisions } from "@customer-service/core"
import type { CustomerId, OrderEntry, PointsEntry, StandingPolicy } from "@customer-service/core"
import { Arbitraries, forAll, freshWord, registration } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Array, BigDecimal, DateTime, Effect, Layer } from "effect"
import { everything } from "./support/beside.ts"
import { pglite, postgres } from "./support/database.ts"

const shown = ({ totalSpent, ...figures }: Figures): unknown =>
  JSON.parse(JSON.stringify({ ...figures, totalSpent: BigDecimal.format(totalSpent) }))

/** Any thresholds. */
const policies = Arbitraries.amount.chain((premiumFrom) =>
  Arbitraries.amount.chain((vipFrom) =>
    Arbitraries.amount.map((highValueFrom): StandingPolicy => ({
      premiumFrom,
      vipFrom,
      highValueFrom,
      newCustomerDays: 30
    }))
  )
)

/** What is told of one customer, under ids that nobody else has, and the thresholds of a shop. */
const situations = Arbitraries.tellings(1).chain((tellings) =>
  policies.map((policy) => {
    const word = freshWord()
    const orders: ReadonlyArray<OrderEntry> = tellings.flatMap(({ fact }) =>
      fact._tag === "Points"
        ? []
        : [{ ...fact.order, orderId: `${word}-${fact.order.orderId}`, eventId: `${word}-${fact.order.eventId}` }]
    )
    const points: ReadonlyArray<PointsEntry> = tellings.flatMap(({ fact }) =>
      fact._tag === "Order" ? [] : [{ ...fact.points, eventId: `${word}-${fact.points.eventId}` }]
    )
    return { orders, points, policy }
  })
)

const deliveryOf = (id: CustomerId, fact: Inbox.Fact): Inbox.Delivery => ({
  _tag: "Delivery",
  topic: "told",
  eventId: fact._tag === "Order" ? fact.order.eventId : fact.points.eventId,
  customer: { _tag: "Id", id },
  fact,
  message: {}
})

/** Takes messages in; answers the figures by which was decided. */
const receive = Effect.fnUntraced(function* (messages: ReadonlyArray<Inbox.Delivery>, policy: StandingPolicy) {
  const inbox = yield* Inbox.Inbox
  const now = yield* DateTime.now
  const decided: Array<Figures> = []
  yield* inbox.receive(messages, {
    policy,
    parkedUntil: now,
    restate: (customer, record, figures) => {
      decided.push(figures)
      return StandingDecisions.restate(customer, record, figures, policy, now)
    }
  })
  return decided
})

/** The last word on each order, where all were told in the order of their ids. */
const lastOf = (orders: ReadonlyArray<OrderEntry>): ReadonlyArray<OrderEntry> => {
  const inOrder = orders.toSorted(
    (one, other) =>
      one.occurredAt.epochMilliseconds - other.occurredAt.epochMilliseconds || (one.eventId < other.eventId ? -1 : 1)
  )
  return [...new Map(inOrder.map((order) => [order.orderId, order])).values()]
}

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  layer(Layer.provide(everything, database))(`figures computed by ${name}`, (it) => {
    it.effect("are those of a plain recomputation, under any thresholds, however the messages come", () =>
      forAll(
        situations,
        40,
        Effect.fnUntraced(function* ({ orders, points, policy }) {
          const customers = yield* CustomerRepository.CustomerRepository
          const { id } = yield* customers.insert(registration())
          const told = [
            ...orders.map((order): Inbox.Fact => ({ _tag: "Order", order })),
            ...points.map((entry): Inbox.Fact => ({ _tag: "Points", points: entry }))
          ].map((fact) => deliveryOf(id, fact))
          const decided = yield* Effect.forEach(Array.chunksOf([...told.toReversed(), ...told], 5), (some) =>
            receive(some, policy)
          )
          const last = decided.flat().at(-1)
          const expected = figuresOf(lastOf(orders), points, policy)
          if (last === undefined) assert.isEmpty(told)
          else assert.deepStrictEqual(shown(last), shown(expected))
        })
      )
    )
  })
}
