import type { DateTime } from "effect"
import type { SegmentLabel, Tier } from "../customer/Standing.ts"

/** What a colleague put in the place of what the rules say: why, who, when, and until when where that is given. */
export interface Override<A> {
  readonly value: A
  readonly reason: string
  readonly by: string
  readonly at: DateTime.Utc
  readonly expiresAt?: DateTime.Utc | undefined
}

/** What stands behind a customer's standing, beside the figures that she herself shows. */
export interface StandingRecord {
  readonly lastOrderAt?: DateTime.Utc | undefined
  /** When each threshold was first met; kept where it is no longer. */
  readonly premiumSince?: DateTime.Utc | undefined
  readonly vipSince?: DateTime.Utc | undefined
  readonly highValueSince?: DateTime.Utc | undefined
  readonly tierOverride?: Override<Tier> | undefined
  readonly segmentOverride?: Override<SegmentLabel> | undefined
  /** When time alone may change where she stands. */
  readonly reviewAt?: DateTime.Utc | undefined
  readonly updatedAt: DateTime.Utc
}

/** What made a customer's tier another one. */
export type TierCause = "orders" | "override" | "override_ended" | "policy"

/** A line of a customer's tier history. `achievedAt` is when the threshold was met, or the change made by hand. */
export interface TierChange {
  readonly from: Tier
  readonly to: Tier
  readonly cause: TierCause
  readonly reason: string
  readonly by?: string | undefined
  readonly achievedAt: DateTime.Utc
  readonly at: DateTime.Utc
}
