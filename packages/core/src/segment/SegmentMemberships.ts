import { Context, type DateTime, type Effect, type Result } from "effect"
import type { CustomerNotFound, StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerMemberships, Membership, MembershipChange, ReviewMemberships } from "./Membership.ts"
import type { Segment, SegmentId } from "./Segment.ts"

/** A customer whose memberships were looked at, as they are from then on. */
export type Reviewed = Omit<CustomerMemberships, "change">

/** One page of a segment's members, in the order of their ids; `next` is absent on the last. */
export interface MemberPage {
  readonly members: ReadonlyArray<{ readonly customer: Customer; readonly membership: Membership }>
  readonly next?: CustomerId | undefined
}

/** Which members of a segment to list: those behind `after`, at most `limit`. */
export interface MemberQuery {
  readonly segmentId: SegmentId
  readonly limit: number
  readonly after?: CustomerId | undefined
}

/** What is known of one customer's memberships, by the segments as they were at the same moment. */
export interface KnownMemberships {
  readonly current: CustomerMemberships
  readonly segments: ReadonlyArray<Segment>
  /** The segments' revision, see `SegmentStore`. */
  readonly revision: number
}

/**
 * Which customers belong to which segments, and when that is to be looked at next.
 *
 * Every write of a customer, whatever port it passes, leaves in its own transaction a mark that her memberships are to
 * be reviewed, with what she was like before (`factsChange`), if and only if some segment depends on what changed
 * (`dependenciesOfAll`); marks of several writes become one, and the oldest values stay. A newcomer is always marked.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a newcomer is reviewed, and belongs where the rules put her
 * - a change on which no segment depends asks for no review
 * - a change on which a segment depends asks for a review, also of addresses, orders and points
 * - a review is told what she was like before the first change since the last one
 * - a review that time asks for comes at its moment and not before
 * - a review takes each customer once, also of two at a time
 * - a review and a change of the same customer lose nothing of each other
 * - joins, leaves, exceptions, events and audits of a review are kept, or none of them
 * - an event of a review never has an older version than an event of the customer before it
 * - a closed account leaves every segment
 * - except fails with CustomerNotFound for an id that is not there
 * - 20 concurrent exceptions of one customer lose none
 * - members pages through a segment without gap or repeat, also while others join and leave
 * - find reads what was written
 */
export class SegmentMemberships extends Context.Service<
  SegmentMemberships,
  {
    readonly find: (id: CustomerId) => Effect.Effect<KnownMemberships, CustomerNotFound | StorageUnavailable>
    /** Reviews those of these customers whose time has come by `now`. */
    readonly review: (
      ids: ReadonlyArray<CustomerId>,
      now: DateTime.Utc,
      decide: ReviewMemberships
    ) => Effect.Effect<ReadonlyArray<Reviewed>, StorageUnavailable>
    /** Reviews up to `most` customers whose time has come by `now`, those first who wait longest. */
    readonly reviewDue: (
      most: number,
      now: DateTime.Utc,
      decide: ReviewMemberships
    ) => Effect.Effect<ReadonlyArray<Reviewed>, StorageUnavailable>
    /** Loads, decides and writes in one transaction; nobody else changes her meanwhile. */
    readonly except: <E>(
      id: CustomerId,
      decide: (segments: ReadonlyArray<Segment>, current: CustomerMemberships) => Result.Result<MembershipChange, E>
    ) => Effect.Effect<Reviewed, CustomerNotFound | E | StorageUnavailable>
    readonly members: (query: MemberQuery) => Effect.Effect<MemberPage, StorageUnavailable>
  }
>()("@customer-service/core/SegmentMemberships") {}
