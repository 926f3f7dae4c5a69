import { BigDecimal, type DateTime, Schema } from "effect"
import { type Standing, Tier } from "../customer/Standing.ts"
import type { StandingPolicy } from "../segment/StandingPolicy.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"
import { nextTierOf } from "../segment/Tier.ts"
import { Money } from "../value/Money.ts"
import { type AnalyticsFacts, areOrdersKnown, ordersTold, provenance } from "./AnalyticsFacts.ts"

/** Her tier, and how far it is to the next one. */
export const TierProgress = Schema.Struct({
  tier: Tier,
  nextTier: Schema.optionalKey(Tier),
  totalSpent: Schema.optionalKey(Money),
  required: Schema.optionalKey(Money.annotate({ description: "What the next tier asks for." })),
  remaining: Schema.optionalKey(Money),
  progress: Schema.optionalKey(Schema.Finite.annotate({ description: "Percent of the way, with two decimals." })),
  ...provenance
})
type TierProgress = typeof TierProgress.Type

const wayOn = ({ tier, totalSpent }: Standing, policy: StandingPolicy) => {
  const next = nextTierOf(tier, totalSpent, policy)
  if (next === undefined) return { totalSpent }
  const required = next.tier === "vip" ? policy.vipFrom : policy.premiumFrom
  return { totalSpent, nextTier: next.tier, required, remaining: next.remaining, progress: next.progress }
}

/** Why it is this tier, without what colleagues noted about it. */
const whyOf = ({ tierOverride }: StandingRecord, { premiumFrom, vipFrom }: StandingPolicy): string =>
  tierOverride === undefined
    ? `by totalSpent: premium from ${BigDecimal.format(premiumFrom)}, vip from ${BigDecimal.format(vipFrom)}`
    : "set by the shop, whatever she spent"

/** Her tier at `now`. */
export const tierProgressOf = (facts: AnalyticsFacts, policy: StandingPolicy, now: DateTime.Utc): TierProgress => {
  const { segment } = facts.customer
  const isKnown = areOrdersKnown(facts) || segment.orderCount > 0
  return {
    tier: segment.tier,
    ...(isKnown ? wayOn(segment, policy) : {}),
    basis: `${whyOf(facts.record, policy)}; ${ordersTold(facts)}`,
    asOf: now
  }
}
