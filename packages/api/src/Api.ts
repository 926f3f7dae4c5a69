import { HttpApi, OpenApi } from "effect/http-api"
import { AccountApi } from "./AccountApi.ts"
import { AddressApi } from "./AddressApi.ts"
import { AnalyticsApi } from "./AnalyticsApi.ts"
import { AuthApi } from "./AuthApi.ts"
import { CustomerApi } from "./CustomerApi.ts"
import { CustomerSegmentsApi } from "./CustomerSegmentsApi.ts"
import { completeDocument } from "./document/completeDocument.ts"
import { PrivacyApi } from "./PrivacyApi.ts"
import { SegmentApi } from "./SegmentApi.ts"
import { TimelineApi } from "./TimelineApi.ts"

/**
 * The HTTP API: its endpoints, what they take and answer, and every error. Bodies are strict, and every
 * issue is told. Its clients let answers hold more than
 * they know of, so that the service may add a field.
 */
export class Api extends HttpApi.make("customer-service")
  .add(CustomerApi)
  .add(AddressApi)
  .add(AuthApi)
  .add(AccountApi)
  .add(PrivacyApi)
  .add(SegmentApi)
  .add(CustomerSegmentsApi)
  .add(AnalyticsApi)
  .add(TimelineApi)
  .annotate(HttpApi.ParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(HttpApi.HeadersParseOptions, { errors: "all" })
  .annotate(HttpApi.SuccessParseOptions, { onExcessProperty: "ignore" })
  .annotate(HttpApi.ErrorParseOptions, { onExcessProperty: "ignore" })
  .annotateMerge(
    OpenApi.annotations({
      title: "Customer service",
      version: "1.0.0",
      description:
        "Customers of a shop: profile, preferences and consent, addresses, where she stands, how she logs in, and that " +
        "she is really gone.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
      servers: [{ url: "http://127.0.0.1:8007", description: "The service as it starts by itself." }],
      transform: completeDocument
    })
  ) {}
