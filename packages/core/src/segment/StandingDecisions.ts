import { BigDecimal, DateTime, Result, Schema, Struct } from "effect"
import { admit, unchanged } from "../customer/admission.ts"
import type { AuditAction, AuditEntry } from "../customer/AuditEntry.ts"
import type { Change, Circumstances, Customer } from "../customer/Customer.ts"
import { type CustomerNotFound, InvalidInput, type VersionConflict } from "../customer/CustomerErrors.ts"
import { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import { SegmentLabel, type Standing, Tier } from "../customer/Standing.ts"
import type { Figures } from "../order/Figures.ts"
import { Instant } from "../value/Instant.ts"
import { zero } from "../value/Money.ts"
import { RequiredText } from "../value/Text.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"
import type { Override, StandingRecord, TierCause, TierChange } from "./StandingRecord.ts"
import { averageOf, labelOf, newUntil, tierOf, whyLabel, whyTier } from "./Tier.ts"

/** A colleague's word on where a customer stands: absent fields stay, null ends what stood there. */
export const StandingOverride = Schema.Struct({
  tier: Schema.optionalKey(Schema.NullOr(Tier)),
  segment: Schema.optionalKey(Schema.NullOr(SegmentLabel)),
  reason: RequiredText(500).annotate({
    description: "Why; kept in the audit and told to other services.",
    examples: ["Agreed with the key account team"]
  }),
  expiresAt: Schema.optionalKey(Instant).annotate({ description: "Until when; for good where it is absent." })
})
export type StandingOverride = typeof StandingOverride.Type

/** Why a standing is looked at: by what cause, and what the events are told where not the rules alone decided. */
interface Occasion {
  readonly cause: TierCause
  readonly reason?: string
  readonly by?: string
  readonly now: DateTime.Utc
}

/** Everything that a standing follows from. */
type Grounds = Pick<StandingRecord, "segmentOverride" | "tierOverride"> & { readonly figures: Figures }

const figuresIn = ({ segment }: Customer, record: StandingRecord): Figures => ({
  ...Struct.pick(segment, ["totalSpent", "orderCount", "loyaltyPoints"]),
  ...Struct.pick(record, ["lastOrderAt", "premiumSince", "vipSince", "highValueSince"])
})

const isOver = (override: Override<unknown> | undefined, now: DateTime.Utc): boolean =>
  override?.expiresAt !== undefined && DateTime.isLessThanOrEqualTo(override.expiresAt, now)

const inForce = <A>(override: Override<A> | undefined, now: DateTime.Utc): Override<A> | undefined =>
  isOver(override, now) ? undefined : override

const earliest = (moments: ReadonlyArray<DateTime.Utc | undefined>): DateTime.Utc | undefined =>
  moments.reduce((first, next) => {
    if (first === undefined || next === undefined) return first ?? next
    return DateTime.min(first, next)
  }, undefined)

/** What the label of a customer without orders depends on. */
type Person = Pick<Customer, "createdAt" | "customerType">

const standingOf = (customer: Person, grounds: Grounds, policy: StandingPolicy, now: DateTime.Utc): Standing => {
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
const nextReview = (
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
  policy: StandingPolicy
) => ({
  tier: tierOverride?.reason ?? whyTier(standing.tier, figures, policy),
  segment: segmentOverride?.reason ?? whyLabel(standing.segment, figures, policy)
})

type Reasons = ReturnType<typeof reasonsOf>

const eventsOf = (before: Customer, after: Customer, reasons: Reasons): ReadonlyArray<CustomerSegmentChanged> => {
  const told = { customerId: after.id, version: after.version }
  const [old, wanted] = [before.segment, after.segment]
  return [
    ...(old.tier === wanted.tier
      ? []
      : [
          new CustomerSegmentChanged({ ...told, change: "tier", from: old.tier, to: wanted.tier, reason: reasons.tier })
        ]),
    ...(old.segment === wanted.segment
      ? []
      : [
          new CustomerSegmentChanged({
            ...told,
            change: "label",
            from: old.segment,
            to: wanted.segment,
            reason: reasons.segment
          })
        ])
  ]
}

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
const settle = (current: Customer, grounds: Grounds, policy: StandingPolicy, occasion: Occasion): Change => {
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
  const reasons = reasonsOf(grounds, segment, policy)
  return {
    customer,
    events: eventsOf(current, customer, reasons),
    consents: [],
    standing,
    ...tierChangeOf(current.segment, segment, reasons, figures, occasion)
  }
}

const groundsIn = (customer: Customer, record: StandingRecord, now: DateTime.Utc): Grounds => ({
  figures: figuresIn(customer, record),
  tierOverride: inForce(record.tierOverride, now),
  segmentOverride: inForce(record.segmentOverride, now)
})

/** A newcomer's standing, and what stands behind it. */
export const newcomerOf = (
  customer: Person,
  policy: StandingPolicy,
  now: DateTime.Utc
): { readonly segment: Standing; readonly record: StandingRecord } => {
  const grounds: Grounds = { figures: { totalSpent: zero, orderCount: 0, loyaltyPoints: 0 } }
  const segment = standingOf(customer, grounds, policy, now)
  return { segment, record: { reviewAt: nextReview(customer, grounds, segment, policy), updatedAt: now } }
}

/** Her standing after orders or points came to other figures. */
export const restate = (
  current: Customer,
  record: StandingRecord,
  figures: Figures,
  policy: StandingPolicy,
  now: DateTime.Utc
): Change => settle(current, { ...groundsIn(current, record, now), figures }, policy, { cause: "orders", now })

/**
 * Her standing now that time has passed: what was put there for a time ends, and nobody stays new. `cause` names what
 * else may have changed it, such as the shop's thresholds.
 */
export const review = (
  current: Customer,
  record: StandingRecord,
  policy: StandingPolicy,
  now: DateTime.Utc
): Change => {
  const ended = [record.tierOverride, record.segmentOverride].filter((override) => isOver(override, now))
  const occasion: Occasion = { cause: ended.length > 0 ? "override_ended" : "policy", now }
  const change = settle(current, groundsIn(current, record, now), policy, occasion)
  const audits = ended.map((): AuditEntry => ({
    action: "override_ended",
    actorKind: "service",
    actor: "time",
    at: now
  }))
  return audits.length === 0 ? change : { ...change, audits }
}

const overrideIssues = ({ expiresAt, segment, tier }: StandingOverride, now: DateTime.Utc) => [
  ...(tier === undefined && segment === undefined
    ? [{ path: "tier", message: "or segment must be given; null ends what was put in its place" }]
    : []),
  ...(expiresAt !== undefined && DateTime.isLessThanOrEqualTo(expiresAt, now)
    ? [{ path: "expiresAt", message: "must be in the future" }]
    : [])
]

const replaced = <A>(
  before: Override<A> | undefined,
  value: A | null | undefined,
  { expiresAt, reason }: StandingOverride,
  { actor, now }: Circumstances
): Override<A> | undefined => {
  if (value === undefined) return before
  if (value === null) return undefined
  return { value, reason, by: actor.subject, at: now, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

const overrideAudits = (
  { reason, segment, tier }: StandingOverride,
  { actor, now }: Circumstances
): ReadonlyArray<AuditEntry> => {
  const actions: ReadonlyArray<AuditAction> = [
    ...(typeof tier === "string" ? (["tier_overridden"] as const) : []),
    ...(typeof segment === "string" ? (["segment_overridden"] as const) : []),
    ...(tier === null || segment === null ? (["override_ended"] as const) : [])
  ]
  return actions.map((action) => ({ action, actorKind: actor.kind, actor: actor.subject, reason, at: now }))
}

/**
 * Puts a colleague's word in the place of what the rules say, or ends it. Fails with `InvalidInput` where nothing is
 * asked for or its time is over already.
 */
export const override = (
  current: Customer,
  record: StandingRecord,
  request: StandingOverride,
  policy: StandingPolicy,
  when: Circumstances
): Result.Result<Change, CustomerNotFound | InvalidInput | VersionConflict> =>
  Result.flatMap(admit(current, when.expectedVersion), () => {
    const { actor, now } = when
    const issues = overrideIssues(request, now)
    if (issues.length > 0) return Result.fail(new InvalidInput({ issues }))
    const before = groundsIn(current, record, now)
    const grounds: Grounds = {
      figures: before.figures,
      tierOverride: replaced(before.tierOverride, request.tier, request, when),
      segmentOverride: replaced(before.segmentOverride, request.segment, request, when)
    }
    const occasion: Occasion = {
      cause: request.tier === null ? "override_ended" : "override",
      by: actor.subject,
      now
    }
    return Result.succeed({
      ...settle(current, grounds, policy, occasion),
      audits: overrideAudits(request, when)
    })
  })
