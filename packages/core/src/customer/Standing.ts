import { Schema } from "effect"
import { Money, zero } from "../value/Money.ts"
import { shownAs } from "../value/shownAs.ts"

export const Tier = Schema.Literals(["regular", "premium", "vip"]).annotate({
  description: "What she has spent makes the tier."
})
export type Tier = typeof Tier.Type

export const SegmentLabel = Schema.Literals(["vip", "high_value", "wholesale", "new_customer", "regular"]).annotate({
  description: "The first label that fits her, in this order."
})
export type SegmentLabel = typeof SegmentLabel.Type

const Count = Schema.Int.annotate(shownAs({ type: "integer", minimum: 0 }))

/** Where a customer stands with the shop: her tier, her label, and the figures behind them. */
export const Standing = Schema.Struct({
  tier: Tier,
  segment: SegmentLabel,
  loyaltyPoints: Count,
  totalSpent: Money,
  orderCount: Count,
  averageOrderValue: Money
}).annotate({ description: "Where she stands with the shop, and the figures behind it." })
export type Standing = typeof Standing.Type

/** The standing of a customer who has not ordered. */
export const newcomer: Standing = {
  tier: "regular",
  segment: "new_customer",
  loyaltyPoints: 0,
  totalSpent: zero,
  orderCount: 0,
  averageOrderValue: zero
}
