import { MembershipReviews, Recomputes } from "@customer-service/core"
import { Effect, Layer, Schedule } from "effect"
import { repeating } from "../operations/background.ts"

/**
 * Keeps memberships in step, in the background: of whoever was changed in this process at once, of whomever time moves
 * or another process left behind within a second, and of everybody where a rule has changed.
 */
export const layer = Layer.effectDiscard(
  Effect.all([
    repeating("The review of changed customers", MembershipReviews.reviewRung(), Schedule.forever),
    repeating("The review of memberships", MembershipReviews.reviewDue(), MembershipReviews.pause),
    repeating("The recompute of a segment", Recomputes.run(), Schedule.spaced("1 second"))
  ])
)
