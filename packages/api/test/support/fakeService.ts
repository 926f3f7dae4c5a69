import { Effect, Layer, Redacted } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { CustomerServiceClient, type ClientOptions } from "../../src/index.ts"

/** An answer of the service, as it comes over the wire. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const token = Redacted.make("a.b.c")

const toResponse = (request: HttpClientRequest.HttpClientRequest, { body, headers = {}, status }: Answer) =>
  HttpClientResponse.fromWeb(
    request,
    new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }
    })
  )

/** A service without a socket: it gives the answers in their order, the last one for ever, and keeps what it was sent. */
export const fakeService = (...answers: readonly [Answer, ...Array<Answer>]) => {
  const requests: Array<HttpClientRequest.HttpClientRequest> = []
  const client = HttpClient.make((request) =>
    Effect.sync(() => {
      const answer = answers[Math.min(requests.length, answers.length - 1)] ?? answers[0]
      requests.push(request)
      return toResponse(request, answer)
    })
  )
  const clientWith = (options: Partial<ClientOptions>) => clientOf(client, options)
  return { requests, clientWith, layer: clientWith({ token }) }
}

/** A service that takes requests and never answers. */
export const silentService = (options: Partial<ClientOptions> = {}) =>
  clientOf(
    HttpClient.make(() => Effect.never),
    { token, ...options }
  )

const clientOf = (client: HttpClient.HttpClient, options: Partial<ClientOptions>) =>
  CustomerServiceClient.layer({ baseUrl: "http://service.example", ...options }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
  )

/** A failure as the service sends it. */
export const failing = (status: number, code: string, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: { success: false, error: { code, message: "In words", details: [], correlationId: "request-1" } },
  ...(headers === undefined ? {} : { headers })
})
