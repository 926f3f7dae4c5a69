import type { AccessScope } from "@customer-service/core"
import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import { failure } from "./Failure.ts"

/** The scope an endpoint asks for; `customers:admin` covers them all. */
export class RequiredScope extends Context.Service<RequiredScope, AccessScope>()(
  "@customer-service/api/RequiredScope"
) {}

/**
 * Annotates an endpoint with the scope it asks for: the gateway checks it, and the documentation shows it.
 */
export const requires = (scope: AccessScope): Context.Context<RequiredScope> =>
  Context.merge(
    Context.make(RequiredScope, scope),
    OpenApi.annotations({
      transform: (operation) => ({
        ...operation,
        description: `${operation["description"]} Needs the scope \`${scope}\`.`
      })
    })
  )

/**
 * Who is asking, whether she may, and how often: the same for every endpoint of the API. Clients provide the token.
 */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()("@customer-service/api/Authorization", {
  requiredForClient: true,
  security: {
    bearer: HttpApiSecurity.bearer.pipe(
      HttpApiSecurity.annotate(
        OpenApi.Description,
        "A JSON Web Token with the scope that the operation names; `customers:admin` covers them all. " +
          "The token of a customer (`sub` is her id) reaches herself alone; that of a service (`client_id` equals " +
          "`sub`) reaches every customer."
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
