import { renderSuccess } from "@customer-service/api"
import { type Actor, CurrentActor, Customers, hasScope } from "@customer-service/core"
import { Context, Effect } from "effect"
import { HttpRouter, HttpServerRequest, type HttpServerResponse } from "effect/http"
import { answering, versioned } from "../gateway/answers.ts"
import { Access, type Admission } from "../gateway/Access.ts"
import { failureResponse } from "../gateway/failureResponse.ts"
import { RequestRecord } from "../gateway/RequestRecord.ts"

type Response = HttpServerResponse.HttpServerResponse

const read = (identifier: string, ifNoneMatch: string | undefined) =>
  answering(
    Effect.map(Effect.flatMap(Customers.resolve(identifier), Customers.document), ({ json, version }) =>
      versioned(renderSuccess("customer", json), version, ifNoneMatch)
    )
  )

const refused = (admission: Extract<Admission, { _tag: "Refused" }>, record: RequestRecord): Response =>
  failureResponse(admission.failure, record.correlationId, admission.headers)

const makeHandler = (access: Access["Service"]) =>
  Effect.withFiber((fiber) => {
    const request = Context.getUnsafe(fiber.context, HttpServerRequest.HttpServerRequest)
    const record = Context.getUnsafe(fiber.context, RequestRecord)
    const identifier = Context.getUnsafe(fiber.context, HttpRouter.RouteContext).params["customerId"] ?? ""
    const admitted = access.admit(request, record, "customers:read")
    const reading = read(identifier, request.headers["if-none-match"])
    const as = (actor: Actor) => fiber.setContext(Context.add(fiber.context, CurrentActor, actor))

    const known = access.recognise(request)
    if (known === undefined || !hasScope(known, "customers:read")) {
      return Effect.flatMap(admitted, (admission) => {
        if (admission._tag === "Refused") return Effect.succeed(refused(admission, record))
        as(admission.actor)
        return reading
      })
    }
    // Her token is good and its scope suffices: her limit and the customer are asked for in one round trip.
    as(known)
    return Effect.map(Effect.all([admitted, reading], { concurrency: 2 }), ([admission, response]) =>
      admission._tag === "Refused" ? refused(admission, record) : response
    )
  })

/**
 * GET /v1/customers/{customerId}, the hot read: declared in the API like every endpoint, and served without decoding
 * and encoding, since the cache holds the very JSON that is sent. See docs/adr/0003-customer-documents.md.
 */
export const layer = HttpRouter.use((router) =>
  Effect.flatMap(Access, (access) => router.add("GET", "/v1/customers/:customerId", makeHandler(access)))
)
