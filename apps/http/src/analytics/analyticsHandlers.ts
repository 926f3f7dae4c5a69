import { AnalyticsAnswer, AnalyticsOverviewAnswer, Api } from "@customer-service/api"
import { Analytics, Customers } from "@customer-service/core"
import { Effect, Schema } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { answering } from "../gateway/answers.ts"

const encodeAnalytics = Schema.encodeSync(AnalyticsAnswer)
const encodeOverview = Schema.encodeSync(AnalyticsOverviewAnswer)

/** The endpoints of how customers behave: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "analytics", (handlers) =>
  handlers.handleAll({
    getAnalytics: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const analytics = yield* Analytics.get(yield* Customers.resolve(params.customerId))
          return HttpServerResponse.jsonUnsafe(encodeAnalytics({ analytics }))
        })
      ),
    getAnalyticsOverview: () =>
      answering(
        Effect.gen(function* () {
          const overview = yield* Analytics.overview()
          return HttpServerResponse.jsonUnsafe(encodeOverview({ overview }))
        })
      )
  })
)
