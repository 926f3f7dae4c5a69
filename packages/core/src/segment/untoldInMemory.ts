import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import { membershipMoved, reasonOfRule } from "./membershipMoves.ts"
import type { Segment } from "./Segment.ts"
import type { SegmentMemory } from "./SegmentMemory.ts"

/** The event of a move that a rule brought with it when it came into force. */
export const movedByRule = (customer: Customer, segment: Segment, joins: boolean): CustomerSegmentChanged => {
  const { isActive, version } = segment.inForce
  return membershipMoved(customer, segment, joins, reasonOfRule(version, isActive))
}

/** What a customer is still to be told of: that comes before whatever happens to her next. */
export const untoldOf = (
  { segments, untold }: SegmentMemory,
  customer: Customer
): ReadonlyArray<CustomerSegmentChanged> =>
  [...untold].flatMap(([segmentId, { moves }]) => {
    const [segment, joins] = [segments.get(segmentId), moves.get(customer.id)]
    return segment === undefined || joins === undefined ? [] : [movedByRule(customer, segment, joins)]
  })

/** Nothing of her is left to be told. */
export const haveTold = ({ untold }: SegmentMemory, id: CustomerId): void => {
  for (const { moves } of untold.values()) moves.delete(id)
}
