import { Authorization, RequiredScope } from "@customer-service/api"
import { CurrentActor } from "@customer-service/core"
import { Context, Effect, Layer } from "effect"
import { HttpServerRequest } from "effect/http"
import { Access } from "./Access.ts"
import { failureResponse } from "./failureResponse.ts"
import { RequestRecord } from "./RequestRecord.ts"

/** Admits each request of the API by the scope its endpoint asks for, and lets the rest know the actor. */
export const layer: Layer.Layer<Authorization, never, Access> = Layer.effect(
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
