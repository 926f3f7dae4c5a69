import { Schema, Struct, type DateTime } from "effect"
import { Instant } from "../value/Instant.ts"
import { shownAs } from "../value/shownAs.ts"
import type { CustomerMemberships, Membership, MembershipException } from "./Membership.ts"
import { type Segment, SegmentId } from "./Segment.ts"

/** A colleague's word as it is shown to services and staff. */
export const ExceptionView = Schema.Struct({
  member: Schema.Boolean,
  reason: Schema.String,
  by: Schema.String.annotate({ description: "The subject of whose token it was." }),
  at: Instant,
  expiresAt: Schema.optionalKey(Instant)
}).annotate({
  identifier: "MembershipException",
  description: "A colleague's word that stands in the place of what the rule says; not told to the customer herself."
})

/** That a customer belongs to a segment, as the API shows it. */
export const MembershipView = Schema.Struct({
  id: SegmentId,
  name: Schema.String.annotate({ description: "The segment's name.", examples: ["vip-customers"] }),
  since: Instant.annotate({ description: "Since when she belongs to it." }),
  by: Schema.Literals(["rule", "hand"]).annotate({ description: "By the segment's rule, or by a colleague's hand." }),
  ruleVersion: Schema.Int.annotate({
    description: "The version of the segment whose rule is in force.",
    ...shownAs({ type: "integer", minimum: 0 })
  }),
  exception: Schema.optionalKey(ExceptionView)
}).annotate({ identifier: "SegmentMembership", description: "That a customer belongs to a segment." })
export type MembershipView = typeof MembershipView.Type

/** An exception as it is shown. */
export const exceptionView = ({
  at,
  by,
  expiresAt,
  member,
  reason
}: MembershipException): typeof ExceptionView.Type => ({
  member,
  reason,
  by,
  at,
  ...(expiresAt === undefined ? {} : { expiresAt })
})

const membershipView = (
  { id, inForce, name }: Segment,
  { by, since }: Membership,
  exception: MembershipException | undefined
): MembershipView => ({
  id,
  name,
  since,
  by,
  ruleVersion: inForce.version,
  ...(exception === undefined || by === "rule" ? {} : { exception: exceptionView(exception) })
})

/** Where a customer belongs, in the order of the segments' names. */
export const membershipViews = (
  { exceptions, memberships }: Pick<CustomerMemberships, "exceptions" | "memberships">,
  segments: ReadonlyArray<Segment>
): ReadonlyArray<MembershipView> =>
  segments
    .flatMap((segment) => {
      const membership = memberships.get(segment.id)
      return membership === undefined ? [] : [membershipView(segment, membership, exceptions.get(segment.id))]
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))

/** Memberships as a customer is shown her own: without what colleagues noted. */
export const withoutNotes = (views: ReadonlyArray<MembershipView>): ReadonlyArray<MembershipView> =>
  views.map((view) => Struct.omit(view, ["exception"]))

/** Whether the time of a review has come. */
export const isDue = ({ reviewAt }: Pick<CustomerMemberships, "reviewAt">, now: DateTime.Utc): boolean =>
  reviewAt !== undefined && reviewAt.epochMilliseconds <= now.epochMilliseconds
