import { Context } from "effect"
import { type HttpApiEndpoint, HttpApiMiddleware, OpenApi } from "effect/http-api"
import { bodyFailures, failure } from "./Failure.ts"

/** What an endpoint that needs no access token makes of one that is sent: nothing, or it knows who is asking. */
export type BearerUse = "ignored" | "optional"

/** Marks an endpoint that anybody may call. */
export class PublicEndpoint extends Context.Service<PublicEndpoint, BearerUse>()(
  "@customer-service/api/PublicEndpoint"
) {}

const security = { ignored: [], optional: [{}, { bearer: [] }] }
const sentence = { ignored: "Needs no token.", optional: "Needs no token, and heeds one that is sent." }

/** Annotates an endpoint as one that anybody may call: the gateway reads it, and the documentation shows it. */
export const publicEndpoint = (bearer: BearerUse): Context.Context<PublicEndpoint> =>
  Context.merge(
    Context.make(PublicEndpoint, bearer),
    OpenApi.annotations({
      transform: (operation) => ({
        ...operation,
        description: `${operation["description"]} ${sentence[bearer]}`,
        security: security[bearer]
      })
    })
  )

/** What an endpoint that anybody may call makes of an access token; undefined where it needs one. */
export const bearerUse = ({ annotations }: Pick<HttpApiEndpoint.Top, "annotations">): BearerUse | undefined =>
  Context.getOrUndefined(annotations, PublicEndpoint)

/**
 * Lets anybody in, and tells who she is: nobody, unless the endpoint heeds a token and she sent a good one. The
 * same for every endpoint that needs no token; all of them take a body.
 */
export class PublicAccess extends HttpApiMiddleware.Service<PublicAccess>()("@customer-service/api/PublicAccess", {
  requiredForClient: true,
  error: [...bodyFailures, failure("RATE_LIMITED"), failure("INTERNAL_ERROR"), failure("SERVICE_UNAVAILABLE")]
}) {}
