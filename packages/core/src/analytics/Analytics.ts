import { DateTime, Effect } from "effect"
import { ActionForbidden } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import * as Customers from "../customer/Customers.ts"
import { askPoints } from "../order/askPoints.ts"
import { CurrentActor, isAdmin } from "../request/Actor.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"
import { analyticsDocument } from "./AnalyticsDocument.ts"
import { overviewOf } from "./AnalyticsOverview.ts"
import { CustomerAnalytics } from "./CustomerAnalytics.ts"

/**
 * How a customer behaves, each block with what it was computed from; closed accounts are shown to admins alone. With a
 * loyalty service her points are what that says or said last, which it is given no longer than its time for.
 */
export const get = Effect.fn("Analytics.get")(function* (id: CustomerId) {
  const analytics = yield* CustomerAnalytics
  const { legacyId } = yield* Customers.get(id)
  const [facts, points] = yield* Effect.all([analytics.find(id), askPoints({ id, legacyId })], {
    concurrency: "unbounded"
  })
  const [now, policy, { defaultCurrency }] = [yield* DateTime.now, yield* StandingPolicy, yield* CustomerPolicy]
  return analyticsDocument(facts, { now, policy, currency: defaultCurrency, points })
})

/** Everybody at a glance, for admins alone. */
export const overview = Effect.fn("Analytics.overview")(function* () {
  if (!isAdmin(yield* CurrentActor)) {
    return yield* new ActionForbidden({ reason: "the overview needs the scope customers:admin" })
  }
  const analytics = yield* CustomerAnalytics
  return overviewOf(yield* analytics.overview, yield* DateTime.now)
})

/** Takes the quantiles of the base anew where there are none younger than a day. */
export const recomputeDaily = Effect.fn("Analytics.recomputeDaily")(function* () {
  const analytics = yield* CustomerAnalytics
  return yield* analytics.recompute(DateTime.subtract(yield* DateTime.now, { days: 1 }))
})
