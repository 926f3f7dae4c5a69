import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { CustomerMemberships, Membership, MembershipChange } from "./Membership.ts"
import type { SegmentId } from "./Segment.ts"
import type { SegmentMemory } from "./SegmentMemory.ts"

/** Where a customer in memory belongs, and what her next review goes by. */
export const membershipsIn = (memory: CustomerMemory["Service"], customer: Customer): CustomerMemberships => {
  const { change, reviewAt } = memory.reviews.get(customer.id) ?? {}
  return {
    customer,
    lastOrderAt: memory.standings.get(customer.id)?.lastOrderAt,
    memberships: memory.memberships.get(customer.id) ?? new Map(),
    exceptions: memory.exceptions.get(customer.id) ?? new Map(),
    reviewAt,
    change
  }
}

const replaced = <A>(
  present: ReadonlyMap<SegmentId, A> | undefined,
  gone: ReadonlyArray<SegmentId>,
  come: ReadonlyArray<A & { readonly segmentId: SegmentId }>
): ReadonlyMap<SegmentId, A> => {
  const entries = new Map(present)
  for (const id of gone) entries.delete(id)
  for (const entry of come) entries.set(entry.segmentId, entry)
  return entries
}

const put = <A>(
  all: Map<CustomerId, ReadonlyMap<SegmentId, A>>,
  id: CustomerId,
  entries: ReadonlyMap<SegmentId, A>
): void => {
  if (entries.size === 0) all.delete(id)
  else all.set(id, entries)
}

/** Has a customer belong to a segment, or to it no more. */
export const keepMembership = (
  { memberships }: SegmentMemory,
  id: CustomerId,
  segmentId: SegmentId,
  membership: Membership | undefined
): void =>
  put(memberships, id, replaced(memberships.get(id), [segmentId], membership === undefined ? [] : [membership]))

/** Keeps what a review comes to, but for the customer herself and what is told of it. */
export const keepReview = (
  { exceptions, memberships }: SegmentMemory,
  { customer: { id }, joins, leaves, made, over, stays }: MembershipChange
): void => {
  put(memberships, id, replaced(memberships.get(id), leaves, [...joins, ...stays]))
  put(exceptions, id, replaced(exceptions.get(id), over, made))
}

/** Forgets whatever was said and done about a segment. */
export const forgetSegment = ({ exceptions, memberships }: SegmentMemory, segmentId: SegmentId): void => {
  for (const [id, entries] of memberships) put(memberships, id, replaced(entries, [segmentId], []))
  for (const [id, entries] of exceptions) put(exceptions, id, replaced(entries, [segmentId], []))
}
