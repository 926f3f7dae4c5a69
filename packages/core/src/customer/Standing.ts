import { Schema } from "effect"
import { Money, zero } from "../value/Money.ts"

export const Tier = Schema.Literals(["regular", "premium", "vip"])

export const SegmentLabel = Schema.Literals(["vip", "high_value", "wholesale", "new_customer", "regular"])

/** Where a customer stands with the shop: her tier, her label, and the figures behind them. */
export const Standing = Schema.Struct({
  tier: Tier,
  segment: SegmentLabel,
  loyaltyPoints: Schema.Int,
  totalSpent: Money,
  orderCount: Schema.Int,
  averageOrderValue: Money
})
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
