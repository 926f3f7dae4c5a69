import { DateTime, Schema } from "effect"
import { Money } from "../value/Money.ts"
import {
  type AnalyticsFacts,
  areOrdersKnown,
  ordersTold,
  type PastOrder,
  provenance,
  totalOf
} from "./AnalyticsFacts.ts"

/** A calendar month in UTC, `YYYY-MM`. */
export const Month = Schema.String.annotate({
  description: "A calendar month in UTC, `YYYY-MM`.",
  examples: ["2024-10"]
})

/** What she spent in each of the last twelve months. */
export const Months = Schema.Struct({
  months: Schema.optionalKey(
    Schema.Array(Schema.Struct({ month: Month, orderCount: Schema.Int, totalSpent: Money })).annotate({
      description: "Twelve calendar months in UTC, the oldest first, the current one last."
    })
  ),
  ...provenance
})
type Months = typeof Months.Type

/** How many months are shown, the current one included. */
const shown = 12

/** The month of a moment in UTC, `YYYY-MM`. */
export const monthOf = (moment: DateTime.Utc): string => DateTime.formatIsoDateUtc(moment).slice(0, -3)

/** The last twelve months up to that of `now`, the oldest first. */
export const lastMonths = (now: DateTime.Utc): ReadonlyArray<string> => {
  const current = DateTime.startOf(now, "month")
  return Array.from({ length: shown }, (_, index) => monthOf(DateTime.add(current, { months: index + 1 - shown })))
}

/** What was ordered in each of the last twelve months up to that of `now`. */
const monthlyOf = (orders: ReadonlyArray<PastOrder>, now: DateTime.Utc) => {
  const byMonth = Map.groupBy(orders, ({ completedAt }) => monthOf(completedAt))
  return lastMonths(now).map((month) => {
    const ofMonth = byMonth.get(month) ?? []
    return { month, orderCount: ofMonth.length, totalSpent: totalOf(ofMonth) }
  })
}

/** Her months at `now`. */
export const monthsOf = (facts: AnalyticsFacts, now: DateTime.Utc): Months => ({
  ...(areOrdersKnown(facts) ? { months: monthlyOf(facts.orders, now) } : {}),
  basis: ordersTold(facts),
  asOf: now
})
