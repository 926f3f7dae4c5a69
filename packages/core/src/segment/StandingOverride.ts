import { DateTime, Schema } from "effect"
import type { AuditAction, AuditEntry } from "../customer/AuditEntry.ts"
import type { Circumstances } from "../customer/Customer.ts"
import type { InputIssue } from "../customer/CustomerErrors.ts"
import { SegmentLabel, Tier } from "../customer/Standing.ts"
import { Instant } from "../value/Instant.ts"
import { RequiredText } from "../value/Text.ts"
import type { Override, StandingRecord } from "./StandingRecord.ts"

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

/** Whether an override has had its time. */
export const isOver = (override: Override<unknown> | undefined, now: DateTime.Utc): boolean =>
  override?.expiresAt !== undefined && DateTime.isLessThanOrEqualTo(override.expiresAt, now)

/** The override itself as long as its time is not over. */
export const inForce = <A>(override: Override<A> | undefined, now: DateTime.Utc): Override<A> | undefined =>
  isOver(override, now) ? undefined : override

/** One line of the audit for each override whose time is over. */
export const endings = (
  { segmentOverride, tierOverride }: StandingRecord,
  now: DateTime.Utc
): ReadonlyArray<AuditEntry> =>
  [tierOverride, segmentOverride]
    .filter((override) => isOver(override, now))
    .map(() => ({ action: "override_ended", actorKind: "service", actor: "time", at: now }))

// The years that every store can hold.
const lastMoment = DateTime.makeUnsafe("9999-12-31T23:59:59.999Z")

const expiryIssue = ({ expiresAt, segment, tier }: StandingOverride, now: DateTime.Utc): string | undefined => {
  if (expiresAt === undefined) return undefined
  if (DateTime.isLessThanOrEqualTo(expiresAt, now)) return "must be in the future"
  if (DateTime.isGreaterThan(expiresAt, lastMoment)) return "must be before the year 10000"
  return typeof tier !== "string" && typeof segment !== "string"
    ? "needs a tier or a segment that it is about"
    : undefined
}

/** What is wrong with a request that is well-formed. */
export const overrideIssues = (request: StandingOverride, now: DateTime.Utc): ReadonlyArray<InputIssue> => {
  if (request.tier === undefined && request.segment === undefined) {
    return [{ path: "tier", message: "or segment must be given; null ends what was put in its place" }]
  }
  const message = expiryIssue(request, now)
  return message === undefined ? [] : [{ path: "expiresAt", message }]
}

/** The override from now on: what is asked for, the one before where nothing is, and none where it is ended. */
export const replaced = <A>(
  before: Override<A> | undefined,
  value: A | null | undefined,
  { expiresAt, reason }: StandingOverride,
  { actor, now }: Circumstances
): Override<A> | undefined => {
  if (value === undefined) return before
  if (value === null) return undefined
  return { value, reason, by: actor.subject, at: now, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

const momentOf = (moment: DateTime.Utc | undefined): number | undefined => moment?.epochMilliseconds

/** Whether it is the very same word: nothing has been said since. */
export const isSameOverride = (one: Override<unknown> | undefined, other: Override<unknown> | undefined): boolean =>
  one === other ||
  (one?.value === other?.value &&
    one?.reason === other?.reason &&
    one?.by === other?.by &&
    momentOf(one?.at) === momentOf(other?.at) &&
    momentOf(one?.expiresAt) === momentOf(other?.expiresAt))

/** What the audit is told of a request: what it puts in the place of the rules, and what it ends of what stood there. */
export const overrideAudits = (
  { reason, segment, tier }: StandingOverride,
  before: Pick<StandingRecord, "segmentOverride" | "tierOverride">,
  { actor, now }: Circumstances
): ReadonlyArray<AuditEntry> => {
  const isEnding =
    (tier === null && before.tierOverride !== undefined) || (segment === null && before.segmentOverride !== undefined)
  const actions: ReadonlyArray<AuditAction> = [
    ...(typeof tier === "string" ? (["tier_overridden"] as const) : []),
    ...(typeof segment === "string" ? (["segment_overridden"] as const) : []),
    ...(isEnding ? (["override_ended"] as const) : [])
  ]
  return actions.map((action) => ({ action, actorKind: actor.kind, actor: actor.subject, reason, at: now }))
}
