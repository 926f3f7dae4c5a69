import { Instant, TimelineDetails, type TimelineActor, type TimelineEntry } from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { success } from "./Envelope.ts"
import { customerFailures, failure } from "./Failure.ts"
import { ifSet } from "./ifSet.ts"
import { Cursor, Limit, Page } from "./listParts.ts"
import { customerPath } from "./requestParts.ts"

const kinds = ["customer", "service", "staff"] as const satisfies ReadonlyArray<TimelineActor["kind"]>
const sources = ["event", "audit"] as const satisfies ReadonlyArray<TimelineEntry["source"]>

const Doer = Schema.Struct({
  kind: Schema.Literals(kinds),
  subject: ifSet(
    Schema.String.annotate({
      description:
        "The subject of whose token it was; of what the service did by itself `events` (another service told of it), " +
        "`time` or `system`. Of colleagues and services not told to the customer herself."
    })
  )
}).annotate({ identifier: "TimelineActor" })

const Entry = Schema.Struct({
  at: Instant,
  type: Schema.String.annotate({
    description: "The event's type, or what the audit notes.",
    examples: ["CustomerProfileUpdated", "logged_in"]
  }),
  source: Schema.Literals(sources).annotate({
    description: "event: one that was, or will be, told to other services; audit: a line of the audit."
  }),
  by: ifSet(Doer),
  correlationId: ifSet(
    Schema.String.annotate({ description: "What ties it to the request or message that caused it." })
  ),
  eventId: ifSet(Schema.String.annotate({ description: "The event's id; of events alone." })),
  version: Schema.Int.annotate({ description: "The customer's version after it." }),
  details: TimelineDetails.annotate({
    description:
      "Names of the fields that changed, the status from then on, what changed of her standing and why, or the reason " +
      "that was noted; nothing of what stands in the fields. Reasons of colleagues are not told to the customer herself."
  })
}).annotate({ identifier: "TimelineEntry" })

/** Which page of a timeline is asked for. */
const TimelineFilters = Schema.Struct({
  limit: Schema.optionalKey(Limit),
  cursor: Schema.optionalKey(Cursor)
})

export const TimelineAnswer = success("TimelineAnswer", { entries: Schema.Array(Entry), page: Page })

const get = HttpApiEndpoint.get("getTimeline", "/v1/customers/:customerId/timeline", {
  params: customerPath,
  query: TimelineFilters,
  success: TimelineAnswer,
  error: [...customerFailures, failure("VALIDATION_FAILED")]
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Get a customer's timeline",
      description:
        "What happened to her, by whom and when: her events and her audit as one, newest first, page by page. What " +
        "comes in meanwhile does not move the pages that follow."
    })
  )

/** What happened to customers. */
export class TimelineApi extends HttpApiGroup.make("timeline", { topLevel: true })
  .add(get)
  .middleware(Authorization)
  .annotateMerge(
    OpenApi.annotations({ title: "Timeline", description: "What happened to a customer, and by whom." })
  ) {}
