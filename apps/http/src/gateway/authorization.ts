import { Authorization, PublicAccess, RequiredScope } from "@customer-service/api"
import { CurrentActor, nobody } from "@customer-service/core"
import { Context, Effect, Layer } from "effect"
import { HttpServerRequest } from "effect/http"
import { Access } from "./Access.ts"
import { failureResponse } from "./failureResponse.ts"
import { RequestRecord } from "./RequestRecord.ts"

/** Admits each request by the scope its endpoint asks for, and lets the rest know the actor. */
const restricted: Layer.Layer<Authorization, never, Access> = Layer.effect(
  Authorization,
  Effect.map(Access, (access) => ({
    bearer: (httpEffect, { endpoint }) =>
      Effect.withFiber((fiber) => {
        const request = Context.getUnsafe(fiber.context, HttpServerRequest.HttpServerRequest)
        const record = Context.getUnsafe(fiber.context, RequestRecord)
        const scope = Context.getUnsafe(endpoint.annotations, RequiredScope)
        return Effect.flatMap(access.admit(request, record, scope), (admission) =>
          admission._tag === "Admitted"
            ? Effect.provideService(httpEffect, CurrentActor, admission.actor)
            : Effect.succeed(failureResponse(admission.failure, record.correlationId, admission.headers))
        )
      })
  }))
)

/** Lets everybody in, as whom the gateway has found her to be: nobody in particular unless her token says so. */
const open: Layer.Layer<PublicAccess> = Layer.succeed(PublicAccess, (httpEffect) =>
  Effect.withFiber((fiber) => {
    const { actor = nobody } = Context.getUnsafe(fiber.context, RequestRecord)
    return Effect.provideService(httpEffect, CurrentActor, actor)
  })
)

/** Who may call what: see {@link Authorization} and {@link PublicAccess}. */
export const layer = Layer.merge(restricted, open)
