import type { AccessScope } from "@customer-service/core"
import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import { failure } from "./Failure.ts"

/** The scope an endpoint asks for; `customers:admin` covers them all. */
export class RequiredScope extends Context.Service<RequiredScope, AccessScope>()(
  "@customer-service/api/RequiredScope"
) {}

/**
 * Who is asking, whether she may, and how often: the same for every endpoint of the API. Clients provide the token.
 */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()("@customer-service/api/Authorization", {
  requiredForClient: true,
  security: {
    bearer: HttpApiSecurity.bearer.pipe(
      HttpApiSecurity.annotate(
        OpenApi.Description,
        "A JWT with the scopes customers:read, customers:write or customers:admin."
      ),
      HttpApiSecurity.annotate(OpenApi.Format, "JWT")
    )
  },
  error: [
    failure("UNAUTHENTICATED"),
    failure("FORBIDDEN"),
    failure("RATE_LIMITED"),
    failure("INTERNAL_ERROR"),
    failure("SERVICE_UNAVAILABLE")
  ]
}) {}
