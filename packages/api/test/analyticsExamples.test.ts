import { assert, describe, it } from "@effect/vitest"
import {
  type AnalyticsFacts,
  analyticsDocument,
  CustomerDocument,
  type OverviewCounts,
  overviewOf,
  type Quantiles,
  StandingPolicy
} from "@customer-service/core"
import { BigDecimal, DateTime, Schema } from "effect"
import { everybody, johnsAnalytics } from "../src/document/analyticsExamples.ts"
import { john } from "../src/document/customerExamples.ts"
import { AnalyticsAnswer, AnalyticsOverviewAnswer } from "../src/index.ts"

const moment = DateTime.makeUnsafe
const amount = BigDecimal.fromStringUnsafe
const now = moment("2024-10-30T10:00:00.000Z")

const order = (total: string) => (day: string) => ({
  completedAt: moment(`${day}T10:00:00.000Z`),
  total: amount(total)
})

const orders = [
  ...["2023-02-03", "2023-03-01", "2023-04-11", "2023-05-20"].map(order("150")),
  order("420")("2023-06-15"),
  order("600")("2023-08-20"),
  ...["2023-09-05", "2023-10-02", "2023-10-28", "2023-11-24", "2023-12-10"].map(order("221.25")),
  ...["2024-01-08", "2024-02-02", "2024-02-27", "2024-03-21", "2024-04-16", "2024-05-12"].map(order("221.25")),
  ...["2024-06-10", "2024-07-05", "2024-08-01", "2024-08-30", "2024-09-28"].map(order("221.25")),
  order("260.50")("2024-10-25")
]

const quantiles: Quantiles.Quantiles = {
  computedAt: moment("2024-10-30T03:00:00.000Z"),
  baseSize: 48_210,
  recency: [
    moment("2023-11-02T18:20:00.000Z"),
    moment("2024-04-19T09:05:00.000Z"),
    moment("2024-08-07T11:40:00.000Z"),
    moment("2024-10-03T20:15:00.000Z")
  ],
  frequency: [1, 2, 4, 9],
  monetary: [amount("49.9"), amount("128.4"), amount("391.75"), amount("1204.2")]
}

const facts: AnalyticsFacts = {
  customer: { ...Schema.decodeSync(CustomerDocument)(john), addresses: [] },
  record: { updatedAt: moment("2024-10-29T10:00:00.000Z") },
  orders,
  logins: { last30Days: 3, last90Days: 8 },
  loyaltyEvents: 24,
  quantiles
}

const counts: OverviewCounts = {
  customers: everybody.customers,
  tiers: everybody.tiers,
  segments: everybody.segments,
  scores: [
    { recency: 5, frequency: 5, monetary: 5, count: 8120 },
    { recency: 4, frequency: 4, monetary: 4, count: 6734 },
    { recency: 5, frequency: 2, monetary: 2, count: 5911 },
    { recency: 5, frequency: 1, monetary: 1, count: 1603 },
    { recency: 4, frequency: 1, monetary: 1, count: 1958 },
    { recency: 3, frequency: 3, monetary: 3, count: 2204 },
    { recency: 3, frequency: 1, monetary: 1, count: 4415 },
    { recency: 2, frequency: 3, monetary: 3, count: 5306 },
    { recency: 1, frequency: 5, monetary: 5, count: 912 },
    { recency: 2, frequency: 1, monetary: 1, count: 5289 },
    { recency: 1, frequency: 1, monetary: 1, count: 5758 }
  ],
  months: everybody.registrations,
  quantiles
}

describe("the analytics of the examples", () => {
  it("are shown as the service shows them", () => {
    const policy = StandingPolicy.defaultValue()
    const analytics = analyticsDocument(facts, { now, policy, currency: "USD" })
    assert.deepEqual(Schema.encodeSync(AnalyticsAnswer)({ analytics }).data.analytics, johnsAnalytics)
  })

  it("of everybody are what the service makes of its counts", () => {
    const overview = overviewOf(counts, now)
    assert.deepEqual(Schema.encodeSync(AnalyticsOverviewAnswer)({ overview }).data.overview, everybody)
  })
})
