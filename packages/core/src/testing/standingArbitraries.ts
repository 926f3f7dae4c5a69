import { DateTime } from "effect"
import * as fc from "fast-check"
import type { SegmentLabel, Standing, Tier } from "../customer/Standing.ts"
import type { StandingOverride } from "../segment/StandingOverride.ts"
import type { Override, StandingRecord } from "../segment/StandingRecord.ts"
import { averageOf } from "../segment/Tier.ts"
import { amount } from "./orderArbitraries.ts"
import { filledLine, instant } from "./valueArbitraries.ts"

const tier: fc.Arbitrary<Tier> = fc.constantFrom("regular", "premium", "vip")

const label: fc.Arbitrary<SegmentLabel> = fc.constantFrom("vip", "high_value", "wholesale", "new_customer", "regular")

const overrideOf = <A>(value: fc.Arbitrary<A>): fc.Arbitrary<Override<A>> =>
  fc.record(
    { value, reason: filledLine(500), by: filledLine(200), at: instant, expiresAt: instant },
    { requiredKeys: ["value", "reason", "by", "at"], noNullPrototype: true }
  )

/** What may stand behind a standing: from nothing to all of it. */
export const standingRecord: fc.Arbitrary<StandingRecord> = fc.record(
  {
    lastOrderAt: instant,
    premiumSince: instant,
    vipSince: instant,
    highValueSince: instant,
    tierOverride: overrideOf(tier),
    segmentOverride: overrideOf(label),
    reviewAt: instant,
    updatedAt: instant
  },
  { requiredKeys: ["updatedAt"], noNullPrototype: true }
)

/** Standings whose average is that of their orders, with amounts to four decimals. */
export const standingOfOrders: fc.Arbitrary<Standing> = fc
  .record({ tier, segment: label, loyaltyPoints: fc.nat(), totalSpent: amount, orderCount: fc.nat() })
  .map((standing) => ({ ...standing, averageOrderValue: averageOf(standing) }))

/** A colleague's word on a tier, a label or both, as it is asked for at `now`. */
export const standingOverride = (now: DateTime.Utc): fc.Arbitrary<StandingOverride> =>
  fc
    .record(
      {
        tier: fc.option(tier),
        segment: fc.option(label),
        reason: filledLine(500),
        expiresAt: fc.integer({ min: 1, max: 400 }).map((days) => DateTime.add(now, { days }))
      },
      { requiredKeys: ["reason"], noNullPrototype: true }
    )
    .filter((request) => request.tier !== undefined || request.segment !== undefined)
