import type { DateTime } from "effect"
import { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import type { Customer } from "../customer/Customer.ts"
import type { Membership } from "./Membership.ts"
import type { Segment } from "./Segment.ts"

/** How an event tells of a membership: as it was and as it is from now on. */
export const membershipWords = { inside: "member", outside: "none" } as const

/** The event of a customer who came to belong to a segment, or left it; only a rule that decided is named. */
export const membershipMoved = (
  { id, version }: Pick<Customer, "id" | "version">,
  { inForce, name }: Pick<Segment, "name"> & { readonly inForce: Pick<Segment["inForce"], "version"> },
  joins: boolean,
  reason: string,
  by: Membership["by"] = "rule"
): CustomerSegmentChanged => {
  const { inside, outside } = membershipWords
  return new CustomerSegmentChanged({
    customerId: id,
    version,
    change: "membership",
    segment: name,
    from: joins ? outside : inside,
    to: joins ? inside : outside,
    reason,
    ...(by === "rule" && inForce.version > 0 ? { ruleVersion: inForce.version } : {})
  })
}

/** Why somebody moves whom a recompute found elsewhere than the rule puts her. */
export const reasonOfRule = (version: number, isActive: boolean): string =>
  isActive ? `everybody was compared with version ${version} of the segment's rule` : "the segment was switched off"

/** The moment just before a review was due: what had flipped by then had not at that time. */
export const justBefore = (reviewAt: DateTime.Utc | undefined, now: DateTime.Utc): number =>
  Math.min(reviewAt?.epochMilliseconds ?? now.epochMilliseconds, now.epochMilliseconds) - 1
