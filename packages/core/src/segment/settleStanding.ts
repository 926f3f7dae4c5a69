import { BigDecimal, DateTime, Struct } from "effect"
import { unchanged } from "../customer/admission.ts"
import type { Change, Customer } from "../customer/Customer.ts"
import { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import type { Standing, Tier } from "../customer/Standing.ts"
import type { Figures } from "../order/Figures.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"
import type { StandingRecord, TierCause, TierChange } from "./StandingRecord.ts"
import { averageOf, labelOf, newUntil, tierOf, whyLabel, whyTier } from "./Tier.ts"

/** What moves a standing: by what cause her tier moves, and the reasons where not the rules give them. */
export interface Occasion {
  readonly cause: TierCause
  readonly by?: string | undefined
  readonly tierReason?: string | undefined
  readonly segmentReason?: string | undefined
  readonly now: DateTime.Utc
}

/** Everything that a standing follows from. */
export type Grounds = Pick<StandingRecord, "segmentOverride" | "tierOverride"> & { readonly figures: Figures }

const earliest = (moments: ReadonlyArray<DateTime.Utc | undefined>): DateTime.Utc | undefined =>
  moments.reduce((first, next) => {
    if (first === undefined || next === undefined) return first ?? next
    return DateTime.min(first, next)
  }, undefined)

/** What the label of a customer without orders depends on. */
export type Person = Pick<Customer, "createdAt" | "customerType">

/** Where grounds put a customer. */
export const standingOf = (customer: Person, grounds: Grounds, policy: StandingPolicy, now: DateTime.Utc): Standing => {
  const { figures, segmentOverride, tierOverride } = grounds
  const tier = tierOverride?.value ?? tierOf(figures, policy)
  return {
    tier,
    segment: segmentOverride?.value ?? labelOf(tier, figures, customer, policy, now),
    loyaltyPoints: figures.loyaltyPoints,
    totalSpent: figures.totalSpent,
    orderCount: figures.orderCount,
    averageOrderValue: averageOf(figures)
  }
}

/** When time alone changes something next: a label of newcomers, or the end of an override. */
export const nextReview = (
  customer: Person,
  { segmentOverride, tierOverride }: Grounds,
  standing: Standing,
  policy: StandingPolicy
): DateTime.Utc | undefined =>
  earliest([
    tierOverride?.expiresAt,
    segmentOverride?.expiresAt,
    segmentOverride === undefined && standing.segment === "new_customer" ? newUntil(customer, policy) : undefined
  ])

const isSame = (one: Standing, other: Standing): boolean =>
  one.tier === other.tier &&
  one.segment === other.segment &&
  one.loyaltyPoints === other.loyaltyPoints &&
  one.orderCount === other.orderCount &&
  BigDecimal.equals(one.totalSpent, other.totalSpent)

const reasonsOf = (
  { figures, segmentOverride, tierOverride }: Grounds,
  standing: Standing,
  policy: StandingPolicy,
  { segmentReason, tierReason }: Occasion
) => ({
  tier: tierReason ?? tierOverride?.reason ?? whyTier(standing.tier, figures, policy),
  segment: segmentReason ?? segmentOverride?.reason ?? whyLabel(standing.segment, figures, policy)
})

type Reasons = ReturnType<typeof reasonsOf>

type Move = Pick<CustomerSegmentChanged, "change" | "from" | "to" | "reason">

const movesOf = (before: Standing, after: Standing, reasons: Reasons): ReadonlyArray<Move> => [
  ...(before.tier === after.tier
    ? []
    : [{ change: "tier" as const, from: before.tier, to: after.tier, reason: reasons.tier }]),
  ...(before.segment === after.segment
    ? []
    : [{ change: "label" as const, from: before.segment, to: after.segment, reason: reasons.segment }])
]

const eventsOf = (before: Customer, after: Customer, reasons: Reasons): ReadonlyArray<CustomerSegmentChanged> =>
  movesOf(before.segment, after.segment, reasons).map(
    (move) => new CustomerSegmentChanged({ customerId: after.id, version: after.version, ...move })
  )

/** A threshold that orders met was met when the order was completed; everything else happens now. */
const achievedAt = (tier: Tier, { premiumSince, vipSince }: Figures, { cause, now }: Occasion): DateTime.Utc => {
  const since = tier === "vip" ? vipSince : tier === "premium" ? premiumSince : undefined
  return cause === "orders" ? (since ?? now) : now
}

const tierChangeOf = (
  before: Standing,
  after: Standing,
  reasons: Reasons,
  figures: Figures,
  occasion: Occasion
): Pick<Change, "tierChange"> => {
  if (before.tier === after.tier) return {}
  const { by, cause, now } = occasion
  const tierChange: TierChange = {
    from: before.tier,
    to: after.tier,
    cause,
    reason: reasons.tier,
    ...(by === undefined ? {} : { by }),
    achievedAt: achievedAt(after.tier, figures, occasion),
    at: now
  }
  return { tierChange }
}

/** The customer where her grounds put her, with what tells and records it; herself where nothing she shows differs. */
export const settle = (current: Customer, grounds: Grounds, policy: StandingPolicy, occasion: Occasion): Change => {
  const { figures, segmentOverride, tierOverride } = grounds
  const { now } = occasion
  const segment = standingOf(current, grounds, policy, now)
  const reviewAt = nextReview(current, grounds, segment, policy)
  const standing: StandingRecord = {
    ...Struct.pick(figures, ["lastOrderAt", "premiumSince", "vipSince", "highValueSince"]),
    tierOverride,
    segmentOverride,
    reviewAt,
    updatedAt: now
  }
  if (isSame(current.segment, segment)) return { ...unchanged(current), standing }
  const customer = { ...current, segment, updatedAt: now, version: current.version + 1 }
  const reasons = reasonsOf(grounds, segment, policy, occasion)
  return {
    customer,
    events: eventsOf(current, customer, reasons),
    consents: [],
    standing,
    ...tierChangeOf(current.segment, segment, reasons, figures, occasion)
  }
}
