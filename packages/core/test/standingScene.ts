import { BigDecimal, DateTime, Result } from "effect"
import type { Change, Circumstances, Customer } from "../src/customer/Customer.ts"
import { Email } from "../src/value/Email.ts"
import type { Figures } from "../src/order/Figures.ts"
import * as StandingDecisions from "../src/segment/StandingDecisions.ts"
import type { StandingOverride } from "../src/segment/StandingOverride.ts"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"
import type { StandingRecord } from "../src/segment/StandingRecord.ts"
import { circumstances, freshWord, registration } from "../src/testing/index.ts"

export const policy = StandingPolicy.defaultValue()

/** The moment at which customers of {@link registration} come. */
export const registered = circumstances().now

export const daysLater = (days: number, milliseconds = 0): DateTime.Utc =>
  DateTime.add(registered, { days, milliseconds })

/** A customer, and what stands behind her standing. */
export interface Standing {
  readonly customer: Customer
  readonly record: StandingRecord
}

/** What a change makes of a standing. */
export const after = ({ record }: Standing, { customer, standing }: Change): Standing => ({
  customer,
  record: standing ?? record
})

export const newcomer = (customerType: "business" | "individual" = "individual"): Standing => {
  const change = registration({ email: Email.make(`${freshWord()}@example.com`), customerType })
  return after({ customer: change.customer, record: { updatedAt: registered } }, change)
}

/** Figures of orders that were completed a day after she came. */
export const figures = (total: string, orderCount = 1, more: Partial<Figures> = {}): Figures => {
  const totalSpent = BigDecimal.fromStringUnsafe(total)
  const since = daysLater(1)
  return {
    totalSpent,
    orderCount,
    loyaltyPoints: 0,
    lastOrderAt: since,
    ...(BigDecimal.isGreaterThanOrEqualTo(totalSpent, policy.premiumFrom) ? { premiumSince: since } : {}),
    ...(BigDecimal.isGreaterThanOrEqualTo(totalSpent, policy.vipFrom) ? { vipSince: since } : {}),
    ...more
  }
}

export const colleague = (now: DateTime.Utc): Circumstances => ({
  actor: { kind: "staff", subject: "support-7", scopes: new Set(["customers:admin"]) },
  now
})

export const restated = ({ customer, record }: Standing, given: Figures, now: DateTime.Utc): Change =>
  StandingDecisions.restate(customer, record, given, policy, now)

export const reviewed = ({ customer, record }: Standing, now: DateTime.Utc, thresholds = policy): Change =>
  StandingDecisions.review(customer, record, thresholds, now)

export const tryOverride = ({ customer, record }: Standing, request: StandingOverride, when: Circumstances) =>
  StandingDecisions.override(customer, record, request, policy, when)

export const overridden = (standing: Standing, request: StandingOverride, now: DateTime.Utc): Change =>
  Result.getOrThrow(tryOverride(standing, request, colleague(now)))

/** What the events of a change tell: what changed, from where to where, and why. */
export const told = ({ events }: Change) =>
  events.map((event) =>
    event._tag === "CustomerSegmentChanged" ? [event.change, event.from, event.to, event.reason] : [event._tag]
  )

/** Tier and label. */
export const shown = ({ customer: { segment } }: Change | Standing) => [segment.tier, segment.segment]
