import { AnalyticsDocument, AnalyticsOverview } from "@customer-service/core"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { success } from "./Envelope.ts"
import { customerFailures } from "./Failure.ts"
import { customerPath } from "./requestParts.ts"

export const AnalyticsAnswer = success("AnalyticsAnswer", { analytics: AnalyticsDocument })
export const AnalyticsOverviewAnswer = success("AnalyticsOverviewAnswer", { overview: AnalyticsOverview })

const get = HttpApiEndpoint.get("getAnalytics", "/v1/customers/:customerId/analytics", {
  params: customerPath,
  success: AnalyticsAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Get a customer's analytics",
      description:
        "How lately, how often and for how much she bought beside everybody else, her intervals, her last twelve " +
        "months, when her next order is expected, points, tier and engagement. Each block says in `basis` from what it " +
        "was computed, and in `asOf` when; what is not known is left out. docs/analytics.md has the formulas."
    })
  )

const overview = HttpApiEndpoint.get("getAnalyticsOverview", "/v1/customers/analytics/overview", {
  success: AnalyticsOverviewAnswer
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Get everybody at a glance",
      description: "Open accounts by tier, segment, RFM group and month of registration, read from a replica."
    })
  )

/** How customers behave, one by one and all together. */
export class AnalyticsApi extends HttpApiGroup.make("analytics", { topLevel: true })
  .add(get, overview)
  .middleware(Authorization)
  .annotateMerge(
    OpenApi.annotations({
      title: "Analytics",
      description: "What customers' orders, logins and consents come to, with what it was computed from."
    })
  ) {}
