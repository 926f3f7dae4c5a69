import {
  type CustomerId,
  type CustomerMemberships,
  Instant,
  type Membership,
  type MembershipChange,
  type MembershipException,
  SegmentId
} from "@customer-service/core"
import { DateTime, Schema } from "effect"
import { type CustomerRow, customerOf } from "./CustomerRow.ts"

const StoredMembership = Schema.Struct({
  segmentId: SegmentId,
  since: Instant,
  by: Schema.Literals(["rule", "hand"])
})

const StoredException = Schema.Struct({
  segmentId: SegmentId,
  member: Schema.Boolean,
  reason: Schema.String,
  by: Schema.String,
  at: Instant,
  expiresAt: Schema.optionalKey(Instant)
})

const StoredMove = Schema.Struct({
  segmentId: SegmentId,
  name: Schema.String,
  joins: Schema.Boolean,
  version: Schema.Int,
  isActive: Schema.Boolean
})

const decodeMembership = Schema.decodeUnknownSync(StoredMembership)
const decodeMemberships = Schema.decodeUnknownSync(Schema.Array(StoredMembership))
const decodeExceptions = Schema.decodeUnknownSync(Schema.Array(StoredException))
const decodeMoves = Schema.decodeUnknownSync(Schema.Array(StoredMove))

/** The membership that a row holds as `membershipStatements.ts` reads it. */
export const membershipOf = (row: unknown): Membership => decodeMembership(row)

/** What `membershipStatements.ts` reads of one customer. */
export interface MembershipsRow extends CustomerRow {
  readonly revision: number
  readonly lastOrderAt: Date | null
  readonly memberships: unknown
  readonly exceptions: unknown
  readonly untold: unknown
  readonly dueAt: Date | null
  readonly fields: ReadonlyArray<string> | null
  readonly before: object | null
  readonly correlationId: string | null
}

const bySegment = <A extends { readonly segmentId: SegmentId }>(entries: ReadonlyArray<A>): ReadonlyMap<SegmentId, A> =>
  new Map(entries.map((entry) => [entry.segmentId, entry]))

/** What has changed is looked at by whoever sees it, also where another machine's clock goes before. */
const markOf = ({ before, correlationId, dueAt, fields }: MembershipsRow, now: DateTime.Utc) => {
  if (dueAt === null) return {}
  const reviewAt = DateTime.fromDateUnsafe(dueAt)
  if (fields === null || fields.length === 0) return { reviewAt }
  return {
    reviewAt: DateTime.min(reviewAt, now),
    change: { fields, before: before ?? {}, correlationId: correlationId ?? undefined }
  }
}

/** Where a customer belongs, as a row has it. */
export const membershipsOf = (row: MembershipsRow, now: DateTime.Utc): CustomerMemberships => ({
  customer: customerOf(row),
  ...(row.lastOrderAt === null ? {} : { lastOrderAt: DateTime.fromDateUnsafe(row.lastOrderAt) }),
  memberships: bySegment(decodeMemberships(row.memberships)),
  exceptions: bySegment<MembershipException>(decodeExceptions(row.exceptions)),
  ...markOf(row, now)
})

/** Moves by a rule of which others are still to be told, as a row has them. */
export const untoldIn = ({ untold }: MembershipsRow) => decodeMoves(untold)

/** What a review of a customer came to, and what is to be told before that. */
export interface Reviewing {
  readonly before: CustomerMemberships
  readonly change: MembershipChange
  readonly untold: ReturnType<typeof untoldIn>
}

const isoOf = DateTime.formatIso

/** What a review comes to, in the JSON form that `saveReviews` reads. */
export const reviewRow = ({ before, change, untold }: Reviewing) => {
  const { customer, joins, leaves, made, over, reviewAt, stays } = change
  const isAnother = customer.version !== before.customer.version
  return {
    customerId: customer.id,
    reviewAt: reviewAt === undefined ? null : isoOf(reviewAt),
    ...(isAnother
      ? { versionBefore: before.customer.version, version: customer.version, updatedAt: isoOf(customer.updatedAt) }
      : {}),
    memberships: [...joins, ...stays].map((each) => ({ ...each, since: isoOf(each.since) })),
    leaves,
    made: made.map(({ at, expiresAt, ...each }) => ({
      ...each,
      at: isoOf(at),
      expiresAt: expiresAt === undefined ? null : isoOf(expiresAt)
    })),
    over,
    told: untold.map(({ segmentId }) => segmentId)
  }
}

const without = <A>(entries: ReadonlyMap<SegmentId, A>, ids: ReadonlyArray<SegmentId>) =>
  [...entries].filter(([id]) => !ids.includes(id))

/** Where a customer belongs once a change is written. */
export const membershipsAfter = ({ before, change }: Reviewing) => {
  const { customer, joins, leaves, made, over, reviewAt, stays } = change
  return {
    customer,
    lastOrderAt: before.lastOrderAt,
    memberships: new Map([...without(before.memberships, leaves), ...bySegment([...joins, ...stays])]),
    exceptions: new Map([...without(before.exceptions, over), ...bySegment(made)]),
    reviewAt
  }
}

/** A member of a segment as a page reads her. */
export interface MemberRow extends CustomerRow {
  readonly id: CustomerId
  readonly membership: unknown
}
