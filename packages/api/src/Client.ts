import { CorrelationId } from "@customer-service/core"
import { Context, Effect, Layer, type Redacted, type Schema } from "effect"
import { FetchHttpClient, type HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import { HttpApiClient, type HttpApiEndpoint, type HttpApiGroup, HttpApiMiddleware } from "effect/http-api"
import { Api } from "./Api.ts"
import { Authorization } from "./Authorization.ts"
import { type Patience, patient } from "./patientClient.ts"
import { bearerUse, PublicAccess } from "./PublicAccess.ts"

/** An access token, or an effect that is asked for one before each call, so that it can be renewed. */
export type Token = Redacted.Redacted | Effect.Effect<Redacted.Redacted, HttpClientError.HttpClientError>

/** Where the service is, who asks, and how patient she is. Without a token only what needs none can be called. */
export interface ClientOptions extends Patience {
  readonly baseUrl: string | URL
  readonly token?: Token | undefined
}

/** A request with the token, if there is one, and the correlation id of the work that the call belongs to. */
const addressed = Effect.fnUntraced(function* (request: HttpClientRequest.HttpClientRequest, token: Token | undefined) {
  const correlationId = yield* CorrelationId
  const traced =
    correlationId === undefined ? request : HttpClientRequest.setHeader(request, "x-correlation-id", correlationId)
  if (token === undefined) return traced
  return HttpClientRequest.bearerToken(traced, Effect.isEffect(token) ? yield* token : token)
})

const authorization = (token: Token | undefined) =>
  HttpApiMiddleware.layerClient(Authorization, ({ next, request }) => Effect.flatMap(addressed(request, token), next))

/** Where a token is of no use none is asked for: the effect that renews it may be making this very call. */
const publicAccess = (token: Token | undefined) =>
  HttpApiMiddleware.layerClient(PublicAccess, ({ endpoint, next, request }) =>
    Effect.flatMap(addressed(request, bearerUse(endpoint) === "optional" ? token : undefined), next)
  )

type Groups = (typeof Api)["groups"]
type Endpoint = Extract<HttpApiGroup.Endpoints<Groups[keyof Groups]>, HttpApiEndpoint.ConstraintRequest>

/**
 * One operation as a function. `responseMode: "decoded-and-response"` in the request asks for the response beside
 * the data, for its headers.
 */
export type Call<E extends HttpApiEndpoint.ConstraintRequest> = <
  Mode extends HttpApiEndpoint.ClientResponseMode = "decoded-only"
>(
  request: HttpApiEndpoint.ClientRequest<E["~Params"], E["~Query"], E["~Payload"], E["~Headers"], Mode>
) => Effect.Effect<
  HttpApiClient.Client.Response<E["~Success"]["Type"], Mode>,
  HttpApiEndpoint.Errors<E> | HttpClientError.HttpClientError | Schema.SchemaError
>

/** Every operation of the API by its id. */
export type Calls = { readonly [E in Endpoint as E["identifier"]]: Call<E> }

/**
 * The service as typed calls, one for each operation of the API. A call gives what stands under `data`, in domain
 * types; a failure of the service comes as a value tagged with its code (`CUSTOMER_NOT_FOUND`, `RATE_LIMITED`, …) that
 * holds `message`, `details` and `correlationId`. No answer, or one that nobody understands, is an `HttpClientError`.
 *
 * What needs no token (`logIn`, `registerCustomer`, …) can be called by a client that has none.
 *
 * A request that may be sent twice (reads, PUT, DELETE, POST under an `Idempotency-Key`) is sent again when it was
 * answered 429 or 503, after the `Retry-After` it was given.
 *
 * @example
 * import { CustomerServiceClient } from "@customer-service/api"
 * import { Email } from "@customer-service/core"
 * import { Effect, Redacted } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const customers = yield* CustomerServiceClient
 *   const { customer } = yield* customers.createCustomer({
 *     headers: { "idempotency-key": "order-4711" },
 *     payload: { email: Email.Email.make("jane.smith@example.com") }
 *   })
 *   return yield* customers.updateCustomer({
 *     params: { customerId: customer.id },
 *     headers: { "if-match": `"${customer.version}"` },
 *     payload: { profile: { phone: "+1-555-0124" } }
 *   })
 * }).pipe(Effect.catchTag("EMAIL_ALREADY_EXISTS", ({ message }) => Effect.logInfo(message)))
 *
 * program.pipe(
 *   Effect.provide(
 *     CustomerServiceClient.layerFetch({ baseUrl: "http://127.0.0.1:8007", token: Redacted.make("…") })
 *   ),
 *   Effect.runPromise
 * )
 */
export class CustomerServiceClient extends Context.Service<CustomerServiceClient, Calls>()(
  "@customer-service/api/CustomerServiceClient"
) {
  /** Over the `HttpClient` that the caller provides. */
  static readonly layer = ({
    baseUrl,
    token,
    ...patience
  }: ClientOptions): Layer.Layer<CustomerServiceClient, never, HttpClient.HttpClient> =>
    Layer.effect(CustomerServiceClient, HttpApiClient.make(Api, { baseUrl, transformClient: patient(patience) })).pipe(
      Layer.provide([authorization(token), publicAccess(token)])
    )

  /** Over `fetch`. */
  static readonly layerFetch = (options: ClientOptions): Layer.Layer<CustomerServiceClient> =>
    CustomerServiceClient.layer(options).pipe(Layer.provide(FetchHttpClient.layer))
}
