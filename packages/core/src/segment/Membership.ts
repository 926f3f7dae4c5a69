import type { DateTime } from "effect"
import type { AuditEntry } from "../customer/AuditEntry.ts"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import type { CustomerFacts } from "./changedFields.ts"
import type { FactsChange } from "./FormerFacts.ts"
import type { Segment, SegmentId } from "./Segment.ts"

/** That a customer belongs to a segment, since when, and whether by the rule or by a colleague's hand. */
export interface Membership {
  readonly segmentId: SegmentId
  readonly since: DateTime.Utc
  readonly by: "rule" | "hand"
}

/** A colleague's word on whether a customer belongs to a segment, in the place of what the rule says. */
export interface MembershipException {
  readonly segmentId: SegmentId
  readonly member: boolean
  readonly reason: string
  readonly by: string
  readonly at: DateTime.Utc
  readonly expiresAt?: DateTime.Utc | undefined
}

/** Where a customer belongs, and what a review of that goes by. */
export interface CustomerMemberships extends CustomerFacts {
  readonly memberships: ReadonlyMap<SegmentId, Membership>
  readonly exceptions: ReadonlyMap<SegmentId, MembershipException>
  /** When her memberships are to be looked at; that moment has come where something changed. */
  readonly reviewAt?: DateTime.Utc | undefined
  /** What has changed since they were looked at; absent where nothing did. */
  readonly change?: FactsChange | undefined
}

/** What a review of somebody's memberships comes to. */
export interface MembershipChange {
  /** She herself, under another version where an exception was made. */
  readonly customer: Customer
  readonly joins: ReadonlyArray<Membership>
  readonly leaves: ReadonlyArray<SegmentId>
  /** Memberships that go on, but by another cause than before. */
  readonly stays: ReadonlyArray<Membership>
  /** Exceptions that are made or replaced, and segments whose exception is over. */
  readonly made: ReadonlyArray<MembershipException>
  readonly over: ReadonlyArray<SegmentId>
  readonly events: ReadonlyArray<CustomerSegmentChanged>
  readonly audits: ReadonlyArray<AuditEntry>
  /** When time alone may change something next. */
  readonly reviewAt?: DateTime.Utc | undefined
}

/** Decides where somebody belongs, by the segments that there are. */
export type ReviewMemberships = (segments: ReadonlyArray<Segment>, current: CustomerMemberships) => MembershipChange
