import { DateTime, Schema } from "effect"
import type { Customer } from "../customer/Customer.ts"
import { CustomerId } from "../customer/CustomerId.ts"
import { SegmentLabel, Tier } from "../customer/Standing.ts"
import { isHighValue } from "../order/Figures.ts"
import { Instant } from "../value/Instant.ts"
import { Money } from "../value/Money.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"
import type { Override, StandingRecord } from "./StandingRecord.ts"
import { nextTierOf, requirementsOf, tierOf } from "./Tier.ts"

const Qualification = Schema.Struct({
  qualified: Schema.Boolean,
  requirement: Schema.String.annotate({ examples: ["totalSpent >= 1000"] }),
  achievedAt: Schema.optionalKey(Instant)
}).annotate({ description: "Whether the figures meet a requirement, and when they first did." })

const ShownOverride = Schema.Struct({
  reason: Schema.String,
  by: Schema.String,
  at: Instant,
  expiresAt: Schema.optionalKey(Instant)
}).annotate({ description: "A colleague's word that stands in place of what the rules say." })

/** Where a customer stands, with what that follows from, as the API shows it. */
export const SegmentDocument = Schema.Struct({
  customerId: CustomerId,
  tier: Tier,
  segment: SegmentLabel,
  loyaltyPoints: Schema.Int,
  metrics: Schema.Struct({
    totalSpent: Money,
    orderCount: Schema.Int,
    averageOrderValue: Money,
    lastOrderDate: Schema.optionalKey(Instant),
    daysSinceLastOrder: Schema.optionalKey(Schema.Int),
    lifetimeValue: Money
  }),
  qualifications: Schema.Struct({
    premiumTier: Qualification,
    vipTier: Schema.optionalKey(Qualification),
    highValueSegment: Qualification
  }),
  nextTier: Schema.optionalKey(
    Schema.Struct({
      tier: Tier,
      requirement: Schema.String,
      progress: Schema.Finite.annotate({ description: "Percent of the way, with two decimals." }),
      remaining: Money
    })
  ),
  overrides: Schema.optionalKey(
    Schema.Struct({ tier: Schema.optionalKey(ShownOverride), segment: Schema.optionalKey(ShownOverride) })
  ),
  updatedAt: Instant
}).annotate({ identifier: "Segment" })
export type SegmentDocument = typeof SegmentDocument.Type

const qualification = (qualified: boolean, requirement: string, since: DateTime.Utc | undefined) => ({
  qualified,
  requirement,
  ...(qualified && since !== undefined ? { achievedAt: since } : {})
})

const qualifications = ({ segment }: Customer, record: StandingRecord, policy: StandingPolicy) => {
  const requirements = requirementsOf(policy)
  const earned = tierOf(segment, policy)
  const isOfHighValue = isHighValue(segment.totalSpent, segment.orderCount, policy)
  return {
    premiumTier: qualification(earned !== "regular", requirements.premium, record.premiumSince),
    ...(earned === "vip" ? { vipTier: qualification(true, requirements.vip, record.vipSince) } : {}),
    highValueSegment: qualification(isOfHighValue, requirements.highValue, record.highValueSince)
  }
}

const shown = (override: Override<unknown>) => {
  const { at, by, expiresAt, reason } = override
  return { reason, by, at, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

const overridesIn = ({ segmentOverride, tierOverride }: StandingRecord): Pick<SegmentDocument, "overrides"> =>
  segmentOverride === undefined && tierOverride === undefined
    ? {}
    : {
        overrides: {
          ...(tierOverride === undefined ? {} : { tier: shown(tierOverride) }),
          ...(segmentOverride === undefined ? {} : { segment: shown(segmentOverride) })
        }
      }

const day = 24 * 3_600_000

const lastOrder = (lastOrderAt: DateTime.Utc | undefined, now: DateTime.Utc) =>
  lastOrderAt === undefined
    ? {}
    : {
        lastOrderDate: lastOrderAt,
        daysSinceLastOrder: Math.max(0, Math.floor((now.epochMilliseconds - lastOrderAt.epochMilliseconds) / day))
      }

/** The document of a standing; `daysSinceLastOrder` is whole days up to `now`. */
export const segmentDocument = (
  customer: Customer,
  record: StandingRecord,
  policy: StandingPolicy,
  now: DateTime.Utc
): SegmentDocument => {
  const { averageOrderValue, loyaltyPoints, orderCount, segment, tier, totalSpent } = customer.segment
  const nextTier = nextTierOf(tier, totalSpent, policy)
  return {
    customerId: customer.id,
    tier,
    segment,
    loyaltyPoints,
    metrics: {
      totalSpent,
      orderCount,
      averageOrderValue,
      ...lastOrder(record.lastOrderAt, now),
      lifetimeValue: totalSpent
    },
    qualifications: qualifications(customer, record, policy),
    ...(nextTier === undefined ? {} : { nextTier }),
    ...overridesIn(record),
    updatedAt: record.updatedAt
  }
}
