import { type DateTime, Schema } from "effect"
import { CustomerId } from "../customer/CustomerId.ts"
import type { Answer } from "../order/askUpstream.ts"
import type { LoyaltyBalance } from "../order/LoyaltyService.ts"
import type { StandingPolicy } from "../segment/StandingPolicy.ts"
import { Instant } from "../value/Instant.ts"
import type { AnalyticsFacts } from "./AnalyticsFacts.ts"
import { Engagement, engagementOf } from "./Engagement.ts"
import { Intervals, intervalsOf, NextOrder, nextOrderOf } from "./Intervals.ts"
import { Months, monthsOf } from "./Months.ts"
import { Points, pointsOf } from "./Points.ts"
import { Rfm, rfmOf } from "./Rfm.ts"
import { TierProgress, tierProgressOf } from "./TierProgress.ts"

/** How a customer behaves, as the API shows it: each block says from what it was computed, and when. */
export const AnalyticsDocument = Schema.Struct({
  customerId: CustomerId,
  asOf: Instant,
  currency: Schema.String.annotate({ description: "The currency of every amount." }),
  rfm: Rfm,
  intervals: Intervals,
  lastTwelveMonths: Months,
  nextOrder: NextOrder,
  points: Points,
  tierProgress: TierProgress,
  engagement: Engagement
}).annotate({ identifier: "Analytics" })
export type AnalyticsDocument = typeof AnalyticsDocument.Type

/** What her analytics depend on beside what is known of her. */
export interface AnalyticsSetting {
  readonly now: DateTime.Utc
  readonly currency: string
  readonly policy: StandingPolicy
  /** What the loyalty service says, or said last; undefined where there is none, or it never answered. */
  readonly points?: Answer<LoyaltyBalance> | undefined
}

/** The analytics of a customer. */
export const analyticsDocument = (
  facts: AnalyticsFacts,
  { currency, now, points, policy }: AnalyticsSetting
): AnalyticsDocument => ({
  customerId: facts.customer.id,
  asOf: now,
  currency,
  rfm: rfmOf(facts, now),
  intervals: intervalsOf(facts, now),
  lastTwelveMonths: monthsOf(facts, now),
  nextOrder: nextOrderOf(facts, now),
  points: pointsOf(facts, points, now),
  tierProgress: tierProgressOf(facts, policy, now),
  engagement: engagementOf(facts, now)
})
