import { type DateTime, Result, Struct } from "effect"
import { admit, unchanged } from "../customer/admission.ts"
import type { AuditEntry } from "../customer/AuditEntry.ts"
import type { Change, Circumstances, Customer } from "../customer/Customer.ts"
import { type CustomerNotFound, InvalidInput, type VersionConflict } from "../customer/CustomerErrors.ts"
import type { Standing } from "../customer/Standing.ts"
import type { Figures } from "../order/Figures.ts"
import { zero } from "../value/Money.ts"
import { type Grounds, nextReview, type Occasion, type Person, settle, standingOf } from "./settleStanding.ts"
import {
  endings,
  inForce,
  isOver,
  isSameOverride,
  overrideAudits,
  overrideIssues,
  replaced,
  type StandingOverride
} from "./StandingOverride.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"
import type { StandingRecord, TierCause } from "./StandingRecord.ts"
import { tierOf } from "./Tier.ts"

const figuresIn = ({ segment }: Customer, record: StandingRecord): Figures => ({
  ...Struct.pick(segment, ["totalSpent", "orderCount", "loyaltyPoints"]),
  ...Struct.pick(record, ["lastOrderAt", "premiumSince", "vipSince", "highValueSince"])
})

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

const audited = (change: Change, audits: ReadonlyArray<AuditEntry>): Change =>
  audits.length === 0 ? change : { ...change, audits }

/** Why a tier moves that neither orders nor a colleague moved. */
const causeIn = ({ tierOverride }: StandingRecord, now: DateTime.Utc): TierCause =>
  isOver(tierOverride, now) ? "override_ended" : "policy"

/** Her standing after orders or points came to other figures. */
export const restate = (
  current: Customer,
  record: StandingRecord,
  figures: Figures,
  policy: StandingPolicy,
  now: DateTime.Utc
): Change => {
  const isEarned = tierOf(figures, policy) !== tierOf(current.segment, policy)
  const cause = isOver(record.tierOverride, now) && !isEarned ? "override_ended" : "orders"
  const change = settle(current, { ...groundsIn(current, record, now), figures }, policy, { cause, now })
  return audited(change, endings(record, now))
}

/** Her standing now that time has passed, or the shop's thresholds have changed: overrides end, and nobody stays new. */
export const review = (
  current: Customer,
  record: StandingRecord,
  policy: StandingPolicy,
  now: DateTime.Utc
): Change => {
  const change = settle(current, groundsIn(current, record, now), policy, { cause: causeIn(record, now), now })
  return audited(change, endings(record, now))
}

const occasionOf = (
  { reason, segment, tier }: StandingOverride,
  record: StandingRecord,
  { actor, now }: Circumstances
): Occasion => ({
  now,
  ...(tier === undefined
    ? { cause: causeIn(record, now) }
    : { cause: tier === null ? "override_ended" : "override", by: actor.subject }),
  ...(tier === null ? { tierReason: reason } : {}),
  ...(segment === null ? { segmentReason: reason } : {})
})

/** Another word, or another reason for it, shows in her segment: whoever has seen the one before must not overwrite it. */
const asNextVersion = (change: Change, current: Customer, now: DateTime.Utc): Change =>
  change.customer === current
    ? { ...change, customer: { ...current, updatedAt: now, version: current.version + 1 } }
    : change

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
    const { now } = when
    const issues = overrideIssues(request, now)
    if (issues.length > 0) return Result.fail(new InvalidInput({ issues }))
    const before = groundsIn(current, record, now)
    const grounds: Grounds = {
      figures: before.figures,
      tierOverride: replaced(before.tierOverride, request.tier, request, when),
      segmentOverride: replaced(before.segmentOverride, request.segment, request, when)
    }
    const isSaid =
      isSameOverride(record.tierOverride, grounds.tierOverride) &&
      isSameOverride(record.segmentOverride, grounds.segmentOverride)
    if (isSaid) return Result.succeed(unchanged(current))
    const audits = [...endings(record, now), ...overrideAudits(request, before, when)]
    const change = settle(current, grounds, policy, occasionOf(request, record, when))
    return Result.succeed({ ...asNextVersion(change, current, now), audits })
  })
