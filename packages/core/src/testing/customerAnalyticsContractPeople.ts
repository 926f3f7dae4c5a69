import { BigDecimal, type DateTime, Effect, Result } from "effect"
import * as fc from "fast-check"
import { CustomerAnalytics } from "../analytics/CustomerAnalytics.ts"
import { monthOf } from "../analytics/Months.ts"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { StandingServices } from "./customerStandingsContractPeople.ts"
import { assertFates, order, orderOf } from "./inboxContractMessages.ts"
import { registration, written } from "./strangers.ts"

/** What the contract works with: analytics, beside whatever makes customers and their orders. */
export type AnalyticsServices = CustomerAnalytics | StandingServices

/** An order: its amount, and at which second it was completed. */
export type Bought = readonly [total: string, second: number]

/** A customer who ordered this. */
export const buyer = Effect.fnUntraced(function* (...bought: ReadonlyArray<Bought>) {
  const repository = yield* CustomerRepository
  const { id } = yield* repository.insert(registration())
  const orders = bought.map(([total, second]) => orderOf(id, order(total, second)))
  yield* assertFates(
    orders,
    orders.map(() => "applied")
  )
  return id
})

/** Orders of which many have the same amount, the same moment, or come in the same number. */
export const purchases: fc.Arbitrary<ReadonlyArray<Bought>> = fc.array(
  fc.tuple(fc.constantFrom("0", "10", "10.0001", "99.99", "1000", "9000"), fc.integer({ min: 0, max: 6 })),
  { maxLength: 4 }
)

/** Everybody there is, closed accounts too. */
const everybody = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  const all: Array<Customer> = []
  let page = yield* repository.list({ limit: 100 })
  all.push(...page.customers)
  while (page.next !== undefined) {
    page = yield* repository.list({ limit: 100, after: page.next })
    all.push(...page.customers)
  }
  return all
})

/** Last order, number of orders and what they come to in ten-thousandths, of one customer. */
const figuresOf = Effect.fnUntraced(function* (id: CustomerId) {
  const analytics = yield* CustomerAnalytics
  const { orders } = yield* analytics.find(id)
  if (orders.length === 0) return []
  const moments = orders.map(({ completedAt }) => completedAt.epochMilliseconds)
  const amounts = orders.map(({ total }) => Math.round(Number(BigDecimal.format(total)) * 10_000))
  return [[Math.max(...moments), orders.length, amounts.reduce((sum, amount) => sum + amount, 0)]]
})

/** The least of the values that so many fifths of them do not exceed. */
const boundOf = (values: ReadonlyArray<number>, fifths: number): number =>
  Math.min(...values.filter((bound) => values.filter((value) => value <= bound).length * 5 >= fifths * values.length))

const boundsOf = (base: ReadonlyArray<ReadonlyArray<number>>, place: number): ReadonlyArray<number> => {
  const values = base.map((figures) => figures[place] ?? 0)
  return [1, 2, 3, 4].map((fifths) => boundOf(values, fifths))
}

const tally = (keys: ReadonlyArray<string>): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, group]) => [key, group.length]))

/** What quantiles and an overview come to, by looking at everybody in turn. */
export const recounted = Effect.gen(function* () {
  const open = (yield* everybody).filter(({ status }) => status !== "inactive")
  const base = (yield* Effect.forEach(open, ({ id }) => figuresOf(id))).flat()
  const bounds = [0, 1, 2].map((place) => boundsOf(base, place))
  const scores = base.map((figures) =>
    figures.map((figure, place) => 1 + (bounds[place] ?? []).filter((bound) => figure > bound).length).join("")
  )
  return {
    bounds: { baseSize: base.length, recency: bounds[0], frequency: bounds[1], monetary: bounds[2] },
    counts: {
      customers: open.length,
      tiers: tally(open.map(({ segment }) => segment.tier)),
      months: tally(open.map(({ createdAt }) => monthOf(createdAt))),
      scores: tally(scores)
    }
  }
})

/** Quantiles and an overview as they are kept, in the same form. */
export const told = Effect.gen(function* () {
  const analytics = yield* CustomerAnalytics
  const { customers, months, quantiles, scores, tiers } = yield* analytics.overview
  return {
    bounds: {
      baseSize: quantiles?.baseSize,
      recency: quantiles?.recency.map((bound) => bound.epochMilliseconds),
      frequency: quantiles?.frequency,
      monetary: quantiles?.monetary.map((bound) => Math.round(Number(BigDecimal.format(bound)) * 10_000))
    },
    counts: {
      customers,
      tiers: Object.fromEntries(tiers.map(({ count, tier }) => [tier, count])),
      months: Object.fromEntries(months.map(({ count, month }) => [month, count])),
      scores: Object.fromEntries(
        scores.map(({ count, frequency, monetary, recency }) => [`${recency}${frequency}${monetary}`, count])
      )
    }
  }
})

/** A customer whose account is closed. */
export const closed = Effect.fnUntraced(function* (...bought: ReadonlyArray<Bought>) {
  const repository = yield* CustomerRepository
  const id = yield* buyer(...bought)
  const close = (customer: Customer) => written({ ...customer, status: "inactive", version: customer.version + 1 })
  yield* repository.modify(id, (customer) => Result.succeed(close(customer)))
  return id
})

/** Somebody who registered at that moment. */
export const registeredAt = Effect.fnUntraced(function* (createdAt: DateTime.Utc) {
  const repository = yield* CustomerRepository
  const change = registration()
  const customer = { ...change.customer, createdAt, registrationDate: createdAt }
  yield* repository.insert({ ...change, customer })
})
