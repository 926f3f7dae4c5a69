import { BigDecimal, DateTime, Schema } from "effect"
import type { AnalyticsFacts, PastOrder } from "../src/analytics/AnalyticsFacts.ts"
import { AnalyticsDocument, analyticsDocument, type AnalyticsSetting } from "../src/analytics/AnalyticsDocument.ts"
import { newcomer, policy } from "./standingScene.ts"

const moment = DateTime.makeUnsafe

/** An order of that amount, completed then. */
export const bought = (completedAt: string, total = "10"): PastOrder => ({
  completedAt: moment(completedAt),
  total: BigDecimal.fromStringUnsafe(total)
})

/** What is known of a customer who ordered this; her figures are what these orders come to. */
export const factsOf = (orders: ReadonlyArray<PastOrder>, more: Partial<AnalyticsFacts> = {}): AnalyticsFacts => {
  const { customer, record } = newcomer()
  const totalSpent = BigDecimal.sumAll(orders.map(({ total }) => total))
  const segment = { ...customer.segment, totalSpent, orderCount: orders.length }
  return {
    customer: { ...customer, segment },
    record,
    orders,
    logins: { last30Days: 0, last90Days: 0 },
    loyaltyEvents: 0,
    ...more
  }
}

const encode = Schema.encodeSync(AnalyticsDocument)

/** Her analytics at that moment, as the API shows them. */
export const analyticsAt = (now: string, facts: AnalyticsFacts, more: Partial<AnalyticsSetting> = {}) =>
  encode(analyticsDocument(facts, { now: moment(now), currency: "USD", policy, ...more }))
