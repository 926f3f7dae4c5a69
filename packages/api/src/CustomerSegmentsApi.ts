import {
  CustomerDocument,
  Instant,
  type Membership,
  MembershipExplanation,
  MembershipView,
  MembershipWord,
  NewSegment,
  Rule,
  RuleInput,
  SegmentChanges,
  SegmentView
} from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { ruleLanguage } from "./document/ruleLanguage.ts"
import { success } from "./Envelope.ts"
import { bodyFailures, customerFailures, failure } from "./Failure.ts"
import { Cursor, Limit, Page } from "./listParts.ts"
import {
  ConditionalRead,
  ConditionalWrite,
  customerPath,
  KeyedWrite,
  membershipPath,
  segmentPath
} from "./requestParts.ts"

const causes = ["rule", "hand"] as const satisfies ReadonlyArray<Membership["by"]>

export const CreateSegment = NewSegment.annotate({ identifier: "CreateSegment" })

export const ChangeSegment = SegmentChanges.annotate({ identifier: "ChangeSegment" })

export const PreviewRule = Schema.Struct({ rule: RuleInput }).annotate({ identifier: "PreviewRule" })

export const DecideMembership = MembershipWord.annotate({ identifier: "DecideMembership" })

const Member = Schema.Struct({
  customer: CustomerDocument,
  since: Instant.annotate({ description: "Since when she belongs to the segment." }),
  by: Schema.Literals(causes).annotate({ description: "By the segment's rule, or by a colleague's hand." })
}).annotate({ identifier: "SegmentMember" })

export const CustomerSegmentAnswer = success("CustomerSegmentAnswer", { segment: SegmentView })
export const CustomerSegmentsAnswer = success("CustomerSegmentsAnswer", { segments: Schema.Array(SegmentView) })
export const RulePreviewAnswer = success("RulePreviewAnswer", {
  count: Schema.Int.annotate({ description: "How many customers the rule fits now; closed accounts are none." }),
  sample: Schema.Array(CustomerDocument).annotate({ description: "Some of them." }),
  rule: Rule,
  ruleText: Schema.String.annotate({ description: "The rule in its text form." })
})
export const SegmentMembersAnswer = success("SegmentMembersAnswer", { members: Schema.Array(Member), page: Page })
export const MembershipsAnswer = success("MembershipsAnswer", { segments: Schema.Array(MembershipView) })
export const ExplanationAnswer = success("ExplanationAnswer", { explanation: MembershipExplanation })

const segmentFailures = [failure("SEGMENT_NOT_FOUND"), failure("VALIDATION_FAILED")] as const

const list = HttpApiEndpoint.get("listSegments", "/v1/customers/segments", { success: CustomerSegmentsAnswer })
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "List segments",
      description: "All of them, by name, each with its rule and how many belong to it."
    })
  )

const create = HttpApiEndpoint.post("createSegment", "/v1/customers/segments", {
  headers: KeyedWrite,
  payload: CreateSegment,
  success: CustomerSegmentAnswer.pipe(HttpApiSchema.status(201)),
  error: [
    ...bodyFailures,
    failure("SEGMENT_NAME_TAKEN"),
    failure("SEGMENT_LIMIT_EXCEEDED"),
    failure("IDEMPOTENCY_KEY_REUSED")
  ]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Create a segment",
      description:
        "By a rule, or with `kind` manual for colleagues to fill. Who belongs to it is found out in the background: " +
        "`recompute` says how far that is, and is gone when it is done."
    })
  )

const read = HttpApiEndpoint.get("readSegment", "/v1/customers/segments/:segmentId", {
  params: segmentPath,
  headers: ConditionalRead,
  success: [CustomerSegmentAnswer, HttpApiSchema.Empty(304)],
  error: segmentFailures
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Get a segment",
      description:
        "By id or by name. Members come and go, and a recompute goes on, under the same version: 304 says that nobody " +
        "has changed the segment, not that its figures are the same."
    })
  )

const change = HttpApiEndpoint.put("changeSegment", "/v1/customers/segments/:segmentId", {
  params: segmentPath,
  headers: ConditionalWrite,
  payload: ChangeSegment,
  success: CustomerSegmentAnswer,
  error: [...bodyFailures, failure("SEGMENT_NOT_FOUND"), failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Change a segment",
      description:
        "Merges field by field: an absent field stays, `null` clears the description. Under another rule memberships " +
        "stay as they were until everybody has been compared with it; then all of them switch at once."
    })
  )

const remove = HttpApiEndpoint.delete("removeSegment", "/v1/customers/segments/:segmentId", {
  params: segmentPath,
  headers: ConditionalWrite,
  success: CustomerSegmentAnswer.pipe(HttpApiSchema.status(202)),
  error: [...segmentFailures, failure("SEGMENT_IN_USE"), failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Remove a segment",
      description: "It is gone once other services were told of everybody who leaves it."
    })
  )

const preview = HttpApiEndpoint.post("previewRule", "/v1/customers/segments/preview", {
  payload: PreviewRule,
  success: RulePreviewAnswer,
  error: [...bodyFailures, failure("PREVIEW_TIMED_OUT")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Preview a rule",
      description: "How many customers a rule fits now, and some of them. Nothing is stored."
    })
  )

/** Which page of a segment's members is asked for. */
const MemberFilters = Schema.Struct({ limit: Schema.optionalKey(Limit), cursor: Schema.optionalKey(Cursor) })

const members = HttpApiEndpoint.get("listSegmentMembers", "/v1/customers/segments/:segmentId/members", {
  params: segmentPath,
  query: MemberFilters,
  success: SegmentMembersAnswer,
  error: segmentFailures
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "List a segment's members",
      description: "Page by page, in the order of their ids: who comes and goes meanwhile moves nobody else's place."
    })
  )

const memberships = HttpApiEndpoint.get("listMemberships", "/v1/customers/:customerId/segments", {
  params: customerPath,
  success: MembershipsAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "List a customer's segments",
      description:
        "Those that she belongs to, by name, whatever has changed about her a moment ago. What colleagues noted is " +
        "told to services and staff."
    })
  )

const decide = HttpApiEndpoint.put("decideMembership", "/v1/customers/:customerId/segments/:segmentId", {
  params: membershipPath,
  headers: ConditionalWrite,
  payload: DecideMembership,
  success: MembershipsAnswer,
  error: [...customerFailures, ...bodyFailures, failure("SEGMENT_NOT_FOUND"), failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Add a customer to a segment, or keep her out",
      description:
        "Puts a word in the place of what the segment's rule says of her, for good or until `expiresAt`; `null` ends " +
        "it. Answers the segments that she belongs to from now on."
    })
  )

const explain = HttpApiEndpoint.get("explainMembership", "/v1/customers/:customerId/segments/:segmentId/explain", {
  params: membershipPath,
  success: ExplanationAnswer,
  error: [...customerFailures, ...segmentFailures]
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Explain why a customer belongs to a segment, or not",
      description:
        "Each clause of the rule with what it asks for, what she has, and what would change it, in words and as data. " +
        "For services and staff: a rule is the shop's own business, and may name other customers."
    })
  )

/** Segments by rules and by hand, and who belongs to them. */
export class CustomerSegmentsApi extends HttpApiGroup.make("segments", { topLevel: true })
  .add(list, create, read, change, remove, preview, members, memberships, decide, explain)
  .middleware(Authorization)
  .annotateMerge(
    OpenApi.annotations({
      title: "Segments",
      description: `Segments by rules and by hand, who belongs to them, and why.\n\n${ruleLanguage}`
    })
  ) {}
