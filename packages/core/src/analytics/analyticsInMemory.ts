import { DateTime } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { AnalyticsFacts, PastOrder } from "./AnalyticsFacts.ts"
import { mostMonths, type OverviewCounts } from "./AnalyticsOverview.ts"
import { monthOf } from "./Months.ts"
import { type Figures, type Quantiles, quantilesOf, type Scores, scoresOf } from "./Quantiles.ts"
import { codeOf } from "./RfmGroup.ts"

type Memory = CustomerMemory["Service"]

const byCompletion = (one: PastOrder, other: PastOrder): number =>
  one.completedAt.epochMilliseconds - other.completedAt.epochMilliseconds

/** How many there are of each, by what `keyOf` makes of them. */
const countBy = <A>(values: ReadonlyArray<A>, keyOf: (value: A) => string): ReadonlyArray<readonly [A, number]> =>
  [...Map.groupBy(values, keyOf).values()].flatMap((group) =>
    group.slice(0, 1).map((first) => [first, group.length] as const)
  )

/** The analytics of what stands in memory. */
export const analyticsInMemory = (memory: Memory) => {
  const { audits, customers, memberships, orders, points, segments, standings } = memory

  const ordersOf = (id: CustomerId): ReadonlyArray<PastOrder> =>
    [...orders.values()]
      .filter(({ customerId }) => customerId === id)
      .map(({ completedAt, total }) => ({ completedAt, total }))
      .toSorted(byCompletion)

  const loginsOf = (id: CustomerId, now: DateTime.Utc) => {
    const logins = audits.filter(({ action, customerId }) => action === "logged_in" && customerId === id)
    const within = (days: number): number =>
      logins.filter(
        ({ at }) =>
          DateTime.isGreaterThan(at, DateTime.subtract(now, { days })) && DateTime.isLessThanOrEqualTo(at, now)
      ).length
    return { last30Days: within(30), last90Days: within(90) }
  }

  const openAccounts = (): ReadonlyArray<Customer> =>
    [...customers.values()].filter(({ status }) => status !== "inactive")

  /** The figures of everybody in the base. */
  const base = (): ReadonlyArray<Figures> =>
    openAccounts().flatMap(({ id, segment: { orderCount, totalSpent } }) => {
      const lastOrderAt = standings.get(id)?.lastOrderAt
      return orderCount === 0 || lastOrderAt === undefined ? [] : [{ lastOrderAt, orderCount, totalSpent }]
    })

  const scoresIn = (quantiles: Quantiles | undefined): OverviewCounts["scores"] => {
    const scores: ReadonlyArray<Scores> =
      quantiles === undefined ? [] : base().map((figures) => scoresOf(figures, quantiles))
    return countBy(scores, codeOf).map(([score, count]) => ({ ...score, count }))
  }

  const membersBySegment = (): OverviewCounts["segments"] =>
    [...segments.values()]
      .map(({ id, name }) => ({ name, count: [...memberships.values()].filter((hers) => hers.has(id)).length }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))

  return {
    /** What analytics of her are computed from; undefined where she is not there. */
    factsOf: (id: CustomerId, now: DateTime.Utc): AnalyticsFacts | undefined => {
      const customer = customers.get(id)
      if (customer === undefined) return undefined
      return {
        customer,
        record: standings.get(id) ?? { updatedAt: customer.createdAt },
        orders: ordersOf(id),
        logins: loginsOf(id, now),
        loyaltyEvents: [...points.values()].filter(({ customerId }) => customerId === id).length
      }
    },
    takeQuantiles: (now: DateTime.Utc): Quantiles | undefined => quantilesOf(base(), now),
    countsOf: (quantiles: Quantiles | undefined): OverviewCounts => {
      const open = openAccounts()
      const months = countBy(open, ({ createdAt }) => monthOf(createdAt))
        .map(([{ createdAt }, count]) => ({ month: monthOf(createdAt), count }))
        .toSorted((one, other) => (one.month < other.month ? 1 : -1))
      return {
        customers: open.length,
        tiers: countBy(open, ({ segment }) => segment.tier).map(([{ segment }, count]) => ({
          tier: segment.tier,
          count
        })),
        segments: membersBySegment(),
        scores: scoresIn(quantiles),
        months: months.slice(0, mostMonths),
        quantiles
      }
    }
  }
}
