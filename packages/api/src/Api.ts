import { HttpApi, OpenApi } from "effect/http-api"
import { AddressApi } from "./AddressApi.ts"
import { CustomerApi, CustomerReadApi } from "./CustomerApi.ts"

/** What a server decodes and routes by this definition. Bodies are strict, and every issue is told. */
export class DecodedApi extends HttpApi.make("customer-service")
  .add(CustomerApi)
  .add(AddressApi)
  .annotate(HttpApi.ParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(HttpApi.HeadersParseOptions, { errors: "all" }) {}

/** The HTTP API: its endpoints, what they take and answer, and every error. */
export class Api extends HttpApi.make("customer-service")
  .addHttpApi(DecodedApi)
  .add(CustomerReadApi)
  .annotate(HttpApi.ParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(HttpApi.HeadersParseOptions, { errors: "all" })
  .annotateMerge(
    OpenApi.annotations({
      title: "Customer service",
      version: "1.0.0",
      description: "Customers of a shop: profile, preferences and consent, addresses, and where she stands.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" }
    })
  ) {}
