import type { AnalyticsAnswer, AnalyticsOverviewAnswer } from "../AnalyticsApi.ts"
import { john } from "./customerExamples.ts"

type AnalyticsJson = (typeof AnalyticsAnswer.Encoded)["data"]["analytics"]
type OverviewJson = (typeof AnalyticsOverviewAnswer.Encoded)["data"]["overview"]

const asOf = "2024-10-30T10:00:00.000Z"

const told =
  "23 orders told of by OrderCompleted events, completed 2023-02-03..2024-10-25; orders from before she came here are not known"
const scored = "scored by the fifths of 48210 open accounts with orders, taken at 2024-10-30T03:00:00.000Z"

const bounds = {
  recency: [
    "2023-11-02T18:20:00.000Z",
    "2024-04-19T09:05:00.000Z",
    "2024-08-07T11:40:00.000Z",
    "2024-10-03T20:15:00.000Z"
  ],
  frequency: [1, 2, 4, 9],
  monetary: [49.9, 128.4, 391.75, 1204.2]
} as const

/** How John behaves. */
export const johnsAnalytics: AnalyticsJson = {
  customerId: john.id,
  asOf,
  currency: "USD",
  rfm: {
    recency: {
      lastOrderAt: "2024-10-25T10:00:00.000Z",
      days: 5,
      score: 5,
      bounds: bounds.recency,
      boundsInDays: [362, 193, 83, 26],
      basis: `the last of ${told}; ${scored}`,
      asOf
    },
    frequency: {
      orderCount: 23,
      score: 5,
      bounds: bounds.frequency,
      basis: `the number of ${told}; ${scored}`,
      asOf
    },
    monetary: {
      totalSpent: 5420.5,
      score: 5,
      bounds: bounds.monetary,
      basis: `the sum of ${told}; ${scored}`,
      asOf
    },
    code: "555",
    group: "champions",
    quantiles: {
      computedAt: "2024-10-30T03:00:00.000Z",
      baseSize: 48210
    },
    basis: "recency 5, and the rounded mean of frequency 5 and monetary 5",
    asOf
  },
  intervals: {
    count: 22,
    mean: 28.64,
    median: 26.5,
    shortest: 16,
    longest: 66,
    basis: told,
    asOf
  },
  lastTwelveMonths: {
    months: [
      { month: "2023-11", orderCount: 1, totalSpent: 221.25 },
      { month: "2023-12", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-01", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-02", orderCount: 2, totalSpent: 442.5 },
      { month: "2024-03", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-04", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-05", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-06", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-07", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-08", orderCount: 2, totalSpent: 442.5 },
      { month: "2024-09", orderCount: 1, totalSpent: 221.25 },
      { month: "2024-10", orderCount: 1, totalSpent: 260.5 }
    ],
    basis: told,
    asOf
  },
  nextOrder: {
    expectedAt: "2024-11-20T22:00:00.000Z",
    overdueRatio: 0.19,
    basis: `her last order and the median of 22 intervals; ${told}`,
    asOf
  },
  points: {
    points: 2500,
    basis: "the newest balance and what came after it, of 24 loyalty events",
    asOf
  },
  tierProgress: {
    tier: "premium",
    nextTier: "vip",
    totalSpent: 5420.5,
    required: 10000,
    remaining: 4579.5,
    progress: 54.21,
    basis: `by totalSpent: premium from 1000, vip from 10000; ${told}`,
    asOf
  },
  engagement: {
    consents: {
      granted: [
        "marketing by email",
        "marketing by push",
        "order_updates by email",
        "promotions by email",
        "analytics by web"
      ],
      count: 5,
      of: 9
    },
    logins: {
      lastLoginAt: "2024-10-29T14:30:00.000Z",
      daysSince: 0,
      last30Days: 3,
      last90Days: 8
    },
    score: 72,
    parts: {
      consents: 22,
      lastLogin: 30,
      logins: 20
    },
    basis: "5 of 9 consents granted as her preferences stand; 8 logins of the last 90 days in the audit",
    asOf
  }
}

/** Everybody at a glance. */
export const everybody: OverviewJson = {
  customers: 61_874,
  tiers: [
    { tier: "regular", count: 52_903 },
    { tier: "premium", count: 8_640 },
    { tier: "vip", count: 331 }
  ],
  segments: [
    { name: "birthday-this-week", count: 1_204 },
    { name: "new-customers", count: 2_377 }
  ],
  rfmGroups: [
    { group: "champions", count: 8_120 },
    { group: "loyal", count: 6_734 },
    { group: "potential_loyalists", count: 5_911 },
    { group: "new_customers", count: 1_603 },
    { group: "promising", count: 1_958 },
    { group: "need_attention", count: 2_204 },
    { group: "about_to_sleep", count: 4_415 },
    { group: "at_risk", count: 5_306 },
    { group: "cannot_lose", count: 912 },
    { group: "hibernating", count: 5_289 },
    { group: "lost", count: 5_758 }
  ],
  registrations: [
    { month: "2024-10", count: 2_377 },
    { month: "2024-09", count: 2_190 }
  ],
  quantiles: {
    computedAt: "2024-10-30T03:00:00.000Z",
    baseSize: 48_210,
    ...bounds
  },
  basis: "61874 open accounts; groups of the 48210 with an order; segments by their members",
  asOf
}
