import {
  CustomerSegmentAnswer,
  CustomerSegmentsAnswer,
  ExplanationAnswer,
  MembershipsAnswer
} from "@customer-service/api"
import {
  type Customer,
  CustomerDocuments,
  type MembershipExplanation,
  type MembershipView,
  type SegmentMemberships,
  type Segments,
  type SegmentView
} from "@customer-service/core"
import { DateTime, type Effect, Schema } from "effect"
import { HttpServerResponse } from "effect/http"
import { succeeding } from "../gateway/answers.ts"
import { keptNowhere } from "../gateway/commonHeaders.ts"
import { entityTag, holdsStill } from "../gateway/versions.ts"
import { formatCursor } from "./memberCursor.ts"

// A rule that was tightened later must not hide what is there.
const asStored = { disableChecks: true }
const encodeSegment = Schema.encodeSync(CustomerSegmentAnswer, asStored)
const encodeSegments = Schema.encodeSync(CustomerSegmentsAnswer, asStored)
const encodeExplanation = Schema.encodeSync(ExplanationAnswer, asStored)
const encodeMemberships = Schema.encodeSync(MembershipsAnswer, asStored)

/** A segment that was made, in the form in which it is told again to whoever repeats the request. */
export const created = (segment: SegmentView) => ({
  status: 201,
  headers: { location: `/v1/customers/segments/${segment.id}`, etag: entityTag(segment.version) },
  body: JSON.stringify(encodeSegment({ segment }))
})

/** A segment under its version. */
export const written = (segment: SegmentView, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe(encodeSegment({ segment }), { status, headers: { etag: entityTag(segment.version) } })

/**
 * A segment as it is read. Its figures change under its version: what a browser kept by itself would be shown as theirs,
 * so that nothing is kept; who asks by the version knows what a 304 says.
 */
export const read = (segment: SegmentView, ifNoneMatch: string | undefined): HttpServerResponse.HttpServerResponse => {
  const headers = { etag: entityTag(segment.version), ...keptNowhere }
  return holdsStill(ifNoneMatch, segment.version)
    ? HttpServerResponse.empty({ status: 304, headers })
    : HttpServerResponse.jsonUnsafe(encodeSegment({ segment }), { headers })
}

/** All segments. */
export const listed = (segments: ReadonlyArray<SegmentView>) =>
  HttpServerResponse.jsonUnsafe(encodeSegments({ segments }))

/** Whom a rule fits. */
export const previewed = ({ sample, ...found }: Effect.Success<ReturnType<typeof Segments.preview>>) =>
  succeeding({ ...found, sample: sample.map(CustomerDocuments.documentOf) })

/** A page of a segment's members. */
export const memberPage = ({ members, next }: SegmentMemberships.MemberPage) =>
  succeeding({
    members: members.map(({ customer, membership: { by, since } }) => ({
      customer: CustomerDocuments.documentOf(customer),
      since: DateTime.formatIso(since),
      by
    })),
    page: next === undefined ? {} : { nextCursor: formatCursor(next) }
  })

/** Where a customer belongs, under her version where that was asked about. */
export const memberships = (segments: ReadonlyArray<MembershipView>, customer?: Customer) =>
  HttpServerResponse.jsonUnsafe(
    encodeMemberships({ segments }),
    customer === undefined ? {} : { headers: { etag: entityTag(customer.version) } }
  )

/** Why a customer belongs to a segment, or does not. */
export const explained = (explanation: MembershipExplanation) =>
  HttpServerResponse.jsonUnsafe(encodeExplanation({ explanation }))
