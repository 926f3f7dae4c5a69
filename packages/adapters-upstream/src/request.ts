import { CorrelationId } from "@customer-service/core"
import { Effect, flow, Option, Predicate, Result } from "effect"
import { HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import type { Reason } from "./Reason.ts"
import type { UpstreamOptions } from "./UpstreamOptions.ts"

const parse = Option.liftThrowable((text: string): unknown => JSON.parse(text))

const isGood = (status: number): boolean => status >= 200 && status < 300

/** The JSON of a good answer. Who does not know the customer says so in JSON; a 404 without it is a wrong address. */
const judge = (status: number, text: string): Result.Result<unknown, Reason> => {
  const body = parse(text)
  if (isGood(status)) return Result.fromOption(body, () => "unreadable answer")
  if (status === 404 && Option.exists(body, Predicate.isObject)) return Result.fail("unknown there")
  return Result.fail<Reason>(`status ${Math.floor(status / 100)}xx`)
}

const reasonOf = ({ reason }: HttpClientError.HttpClientError): Reason =>
  "cause" in reason && Predicate.hasProperty(reason.cause, "code") && reason.cause.code === "ECONNREFUSED"
    ? "connection refused"
    : "connection failed"

const withCorrelationId = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.map(CorrelationId, (id) =>
    id === undefined ? request : HttpClientRequest.setHeader(request, "x-correlation-id", id)
  )

/** Gets what stands under a path of a service, as JSON. */
export const make = ({ bearer, url }: UpstreamOptions) =>
  Effect.map(HttpClient.HttpClient, (client) => {
    const asking = client.pipe(
      HttpClient.mapRequest(
        flow(
          HttpClientRequest.prependUrl(url),
          HttpClientRequest.acceptJson,
          bearer === undefined ? (request) => request : HttpClientRequest.bearerToken(bearer)
        )
      ),
      HttpClient.mapRequestEffect(withCorrelationId)
    )
    return (path: string): Effect.Effect<unknown, Reason> =>
      asking.get(path).pipe(
        // Read in any case, so that the connection is free for the next call.
        Effect.flatMap(({ status, text }) => Effect.map(text, (read) => ({ status, text: read }))),
        Effect.mapError(reasonOf),
        Effect.flatMap(({ status, text }) => Effect.fromResult(judge(status, text)))
      )
  })
