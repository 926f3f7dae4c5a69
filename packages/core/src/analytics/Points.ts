import { type DateTime, Schema } from "effect"
import type { Answer } from "../order/askUpstream.ts"
import type { LoyaltyBalance } from "../order/LoyaltyService.ts"
import { type AnalyticsFacts, counted, provenance } from "./AnalyticsFacts.ts"

/** Her loyalty points. */
export const Points = Schema.Struct({ points: Schema.optionalKey(Schema.Int), ...provenance })
type Points = typeof Points.Type

/** Her points at `now`: as the loyalty service told, else as its events add up; those from elsewhere are not known. */
export const pointsOf = (
  { customer, loyaltyEvents }: AnalyticsFacts,
  told: Answer<LoyaltyBalance> | undefined,
  now: DateTime.Utc
): Points => {
  if (told !== undefined) {
    const basis = told.freshness === "live" ? "as the loyalty service says" : "as the loyalty service said last"
    return { points: told.value.points, basis, asOf: told.asOf }
  }
  if (customer.legacyId !== undefined && loyaltyEvents === 0) {
    return { basis: "not known: she came from elsewhere, and no loyalty event of hers was told of", asOf: now }
  }
  const events = counted(loyaltyEvents, "loyalty event")
  return {
    points: customer.segment.loyaltyPoints,
    basis: `the newest balance and what came after it, of ${events}`,
    asOf: now
  }
}
