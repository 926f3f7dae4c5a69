import { DateTime, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Customer } from "../../src/customer/Customer.ts"
import { factsChange } from "../../src/segment/FormerFacts.ts"
import type {
  CustomerMemberships,
  Membership,
  MembershipChange,
  MembershipException
} from "../../src/segment/Membership.ts"
import { type Segment, SegmentId, SegmentName } from "../../src/segment/Segment.ts"
import * as SegmentDecisions from "../../src/segment/SegmentDecisions.ts"
import { circumstances, registration } from "../../src/testing/index.ts"

export const now = circumstances().now

export const freshId = (): SegmentId => SegmentId.make(SecureRandom.uuidV7Unsafe())

/** A segment whose rule, in its text form, is in force. */
export const segment = (name: string, rule: string, more: Partial<Segment> = {}): Segment => {
  const input = { name: SegmentName.make(name), rule }
  const made = Result.getOrThrow(SegmentDecisions.create([], input, freshId(), now))
  return { ...made, inForce: { rule: made.rule, version: 1, isActive: true }, ...more }
}

/** A segment that is filled by hand. */
export const byHand = (name: string): Segment =>
  Result.getOrThrow(SegmentDecisions.create([], { name: SegmentName.make(name), kind: "manual" }, freshId(), now))

export const someone: Customer = registration({ customerType: "business" }).customer

/** Somebody with these memberships and exceptions, of whom nothing has changed. */
export const current = (
  customer: Customer,
  memberships: ReadonlyArray<Membership> = [],
  exceptions: ReadonlyArray<MembershipException> = []
): CustomerMemberships => ({
  customer,
  memberships: new Map(memberships.map((membership) => [membership.segmentId, membership])),
  exceptions: new Map(exceptions.map((exception) => [exception.segmentId, exception]))
})

/** That she has belonged to a segment for a while. */
export const belonging = ({ id }: Segment, by: Membership["by"] = "rule"): Membership => ({
  segmentId: id,
  since: circumstances(-3600).now,
  by
})

/** What a colleague said an hour ago. */
export const said = (
  { id }: Segment,
  member: boolean,
  more: Partial<MembershipException> = {}
): MembershipException => ({
  segmentId: id,
  member,
  reason: "agreed with her",
  by: "support-7",
  at: circumstances(-3600).now,
  ...more
})

/** Somebody who came to be like this just now. */
export const became = (state: CustomerMemberships, more: Partial<Customer>): CustomerMemberships => {
  const customer = { ...state.customer, ...more }
  return { ...state, customer, reviewAt: now, change: factsChange(state, { ...state, customer }) }
}

/** What the events of a change tell. */
export const told = ({ events }: Pick<MembershipChange, "events">) =>
  events.map(({ reason, ruleVersion, segment: name, to }) => [name, to, ruleVersion, reason])

/** The segments that these are about. */
export const idsOf = (entries: ReadonlyArray<{ readonly segmentId: string }>) =>
  entries.map(({ segmentId }) => segmentId)

/** What makes a VIP of somebody. */
export const vip = { segment: { ...someone.segment, tier: "vip" as const } }
export const days = (count: number, milliseconds = 0) => DateTime.add(now, { days: count, milliseconds })
