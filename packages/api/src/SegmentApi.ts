import {
  Instant,
  OrderSummaries,
  SegmentDocument,
  StandingOverride,
  Tier,
  type TierCause
} from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { success } from "./Envelope.ts"
import { bodyFailures, customerFailures, failure } from "./Failure.ts"
import { ifSet } from "./ifSet.ts"
import { ConditionalWrite, customerPath } from "./requestParts.ts"

const causes = ["orders", "override", "override_ended", "policy"] as const satisfies ReadonlyArray<TierCause>

export const UpdateSegment = StandingOverride.annotate({ identifier: "UpdateSegment" })

const TierChange = Schema.Struct({
  from: Tier,
  to: Tier,
  cause: Schema.Literals(causes).annotate({
    description:
      "orders: what she spent; override: a colleague's word; override_ended: that word holds no longer; policy: other thresholds."
  }),
  reason: Schema.String.annotate({ description: "Why, in one line.", examples: ["totalSpent 1020.00 >= 1000"] }),
  by: ifSet(
    Schema.String.annotate({ description: "The subject of whose token it was; not told to the customer herself." })
  ),
  achievedAt: Instant.annotate({ description: "When the threshold was met, or the change made by hand." }),
  at: Instant.annotate({ description: "When the tier became another one here." })
}).annotate({ identifier: "TierChange" })

export const SegmentAnswer = success("SegmentAnswer", { segment: SegmentDocument })
export const TierChangesAnswer = success("TierChangesAnswer", { changes: Schema.Array(TierChange) })
export const OrderSummaryAnswer = success("OrderSummaryAnswer", { summary: OrderSummaries.OrderSummary })

const get = HttpApiEndpoint.get("getSegment", "/v1/customers/:customerId/segment", {
  params: customerPath,
  success: SegmentAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Get a customer's segment",
      description:
        "Her tier and label, the figures behind them, what she meets and since when, and the next tier. What colleagues " +
        "put in their place is shown to services and staff."
    })
  )

const update = HttpApiEndpoint.put("updateSegment", "/v1/customers/:customerId/segment", {
  params: customerPath,
  headers: ConditionalWrite,
  payload: UpdateSegment,
  success: SegmentAnswer,
  error: [...customerFailures, ...bodyFailures, failure("VERSION_CONFLICT"), failure("SEGMENT_UPDATE_FAILED")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Override a customer's segment",
      description:
        "Puts a tier, a label or both in the place of what the rules say, for good or until `expiresAt`. An absent " +
        "field stays, `null` ends an override."
    })
  )

const history = HttpApiEndpoint.get("listTierChanges", "/v1/customers/:customerId/segment/history", {
  params: customerPath,
  success: TierChangesAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "List a customer's tier changes",
      description:
        "The newest hundred, newest first, each with its reason; what colleagues noted is told to services and staff."
    })
  )

const summary = HttpApiEndpoint.get("getOrderSummary", "/v1/customers/:customerId/orders/summary", {
  params: customerPath,
  success: OrderSummaryAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Sum up a customer's orders",
      description:
        "As the order service says; where it does not answer in time, as it said last, else as the orders told of add " +
        "up here. `freshness` says which."
    })
  )

/** Where customers stand with the shop, and what that follows from. */
export class SegmentApi extends HttpApiGroup.make("segment", { topLevel: true })
  .add(get, update, history, summary)
  .middleware(Authorization)
  .annotateMerge(
    OpenApi.annotations({ title: "Segment", description: "Tier, label, and the orders that they follow from." })
  ) {}
