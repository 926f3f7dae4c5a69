import { Api, OrderSummaryAnswer, SegmentAnswer, TierChangesAnswer } from "@customer-service/api"
import { type Customer, Customers, OrderSummaries, type SegmentDocument, Standings } from "@customer-service/core"
import { Effect, Schema } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { answering } from "../gateway/answers.ts"
import { entityTag, expectedVersion } from "../gateway/versions.ts"

// A rule that was tightened later must not hide old customers.
const asStored = { disableChecks: true }
const encodeSegment = Schema.encodeSync(SegmentAnswer, asStored)
const encodeChanges = Schema.encodeSync(TierChangesAnswer, asStored)
const encodeSummary = Schema.encodeSync(OrderSummaryAnswer, asStored)

/** A segment under the customer's version. The days since her last order pass without another one. */
const answer = ({ version }: Customer, segment: SegmentDocument) =>
  HttpServerResponse.jsonUnsafe(encodeSegment({ segment }), { headers: { etag: entityTag(version) } })

/** The endpoints of where customers stand: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "segment", (handlers) =>
  handlers.handleAll({
    getSegment: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const { customer, document } = yield* Standings.get(yield* Customers.resolve(params.customerId))
          return answer(customer, document)
        })
      ),
    updateSegment: ({ headers, params, payload }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const { customer, document } = yield* Standings.override(id, payload, expectedVersion(headers["if-match"]))
          return answer(customer, document)
        })
      ),
    listTierChanges: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const changes = yield* Standings.history(yield* Customers.resolve(params.customerId))
          return HttpServerResponse.jsonUnsafe(encodeChanges({ changes }))
        })
      ),
    getOrderSummary: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const summary = yield* OrderSummaries.summary(yield* Customers.resolve(params.customerId))
          return HttpServerResponse.jsonUnsafe(encodeSummary({ summary }))
        })
      )
  })
)
