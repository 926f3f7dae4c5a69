import type { OrderSummaryAnswer, SegmentAnswer, TierChangesAnswer, UpdateSegment } from "../SegmentApi.ts"
import { john } from "./customerExamples.ts"

type SegmentJson = (typeof SegmentAnswer.Encoded)["data"]["segment"]

/** Where John stands. */
export const johnsSegment: SegmentJson = {
  customerId: john.id,
  tier: "premium",
  segment: "high_value",
  loyaltyPoints: 2500,
  metrics: {
    totalSpent: 5420.5,
    orderCount: 23,
    averageOrderValue: 235.67,
    lastOrderDate: "2024-10-25T10:00:00.000Z",
    daysSinceLastOrder: 5,
    lifetimeValue: 5420.5
  },
  qualifications: {
    premiumTier: { qualified: true, requirement: "totalSpent >= 1000", achievedAt: "2023-06-15T10:00:00.000Z" },
    highValueSegment: {
      qualified: true,
      requirement: "averageOrderValue >= 200",
      achievedAt: "2023-08-20T10:00:00.000Z"
    }
  },
  nextTier: { tier: "vip", requirement: "totalSpent >= 10000", progress: 54.21, remaining: 4579.5 },
  updatedAt: "2024-10-29T10:00:00.000Z"
}

/** A colleague makes John a vip until the end of the year. */
export const favour: typeof UpdateSegment.Encoded = {
  tier: "vip",
  reason: "Agreed with the key account team",
  expiresAt: "2025-01-01T00:00:00.000Z"
}

const { nextTier: _, ...segmentOfAVip } = johnsSegment

/** Where John stands from then on. */
export const johnFavoured: SegmentJson = {
  ...segmentOfAVip,
  tier: "vip",
  segment: "vip",
  overrides: {
    tier: {
      reason: "Agreed with the key account team",
      by: "support-7",
      at: "2024-10-30T10:00:00.000Z",
      expiresAt: "2025-01-01T00:00:00.000Z"
    }
  },
  updatedAt: "2024-10-30T10:00:00.000Z"
}

/** How John came to where he stands. */
export const johnsTierChanges: (typeof TierChangesAnswer.Encoded)["data"]["changes"] = [
  {
    from: "premium",
    to: "vip",
    cause: "override",
    reason: "Agreed with the key account team",
    by: "support-7",
    achievedAt: "2024-10-30T10:00:00.000Z",
    at: "2024-10-30T10:00:00.000Z"
  },
  {
    from: "regular",
    to: "premium",
    cause: "orders",
    reason: "totalSpent 1020.00 >= 1000",
    achievedAt: "2023-06-15T10:00:00.000Z",
    at: "2023-06-15T10:00:01.250Z"
  }
]

/** What John has ordered, as the order service says. */
export const johnsOrders: (typeof OrderSummaryAnswer.Encoded)["data"]["summary"] = {
  orderCount: 23,
  totalSpent: 5420.5,
  averageOrderValue: 235.67,
  lastOrderDate: "2024-10-25T10:00:00.000Z",
  currency: "USD",
  freshness: "live",
  asOf: "2024-10-30T10:00:00.000Z"
}
