import { Clock, Duration, Effect, Random, Result } from "effect"
import { Headers, HttpClient, HttpClientError, type HttpClientRequest, type HttpClientResponse } from "effect/http"

/** How a client waits for a service that does not answer at once. */
export interface Patience {
  /** How long one attempt may take, to the last byte of its answer; 10 seconds if not given. */
  readonly timeout?: Duration.Input
  /** How often a request is sent at most; 3 times if not given. */
  readonly attempts?: number
  /** A `Retry-After` beyond this is not waited out, the failure is told at once; 30 seconds if not given. */
  readonly longestWait?: Duration.Input
}

type Answer = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

const idempotent = new Set(["GET", "HEAD", "PUT", "DELETE"])

/** Whether sending a request twice does no more than sending it once. */
const isRepeatable = ({ headers, method }: HttpClientRequest.HttpClientRequest): boolean =>
  idempotent.has(method) || (method === "POST" && Headers.has(headers, "idempotency-key"))

/** The service says itself that it did nothing and that it is worth trying again. */
const isPassing = ({ status }: HttpClientResponse.HttpClientResponse): boolean => status === 429 || status === 503

const within = (send: Answer, request: HttpClientRequest.HttpClientRequest, timeout: Duration.Input): Answer =>
  // The body is read here, so that the time-out covers it; whoever decodes it finds it in memory.
  Effect.tap(send, (response) => response.arrayBuffer).pipe(
    Effect.timeoutOrElse({
      duration: timeout,
      orElse: () =>
        Effect.fail(
          new HttpClientError.HttpClientError({
            reason: new HttpClientError.TransportError({
              request,
              description: `no answer within ${Duration.format(Duration.fromInputUnsafe(timeout))}`
            })
          })
        )
    })
  )

/** Without a `Retry-After`: 200 ms, doubled each time, and half of it by chance, so that clients do not come at once. */
const backoff = (attempt: number): Effect.Effect<Duration.Duration> =>
  Effect.map(Random.nextBetween(0.5, 1), (share) => Duration.millis(200 * 2 ** (attempt - 1) * share))

const waitAfter = (
  response: HttpClientResponse.HttpClientResponse,
  attempt: number
): Effect.Effect<Duration.Duration> => {
  const retryAfter = Headers.parseRetryAfter(response.headers["retry-after"] ?? "")
  return Result.isSuccess(retryAfter)
    ? Effect.map(Clock.currentTimeMillis, (now) => Headers.retryAfterDelay(retryAfter.success, now))
    : backoff(attempt)
}

const repeatedly = (send: Answer, attempts: number, longestWait: Duration.Input, attempt = 1): Answer =>
  Effect.filterOrElse(
    send,
    (response) => !isPassing(response) || attempt >= attempts,
    (response) =>
      Effect.flatMap(waitAfter(response, attempt), (wait) =>
        Duration.isGreaterThan(wait, Duration.fromInputUnsafe(longestWait))
          ? Effect.succeed(response)
          : Effect.delay(repeatedly(send, attempts, longestWait, attempt + 1), wait)
      )
  )

/**
 * A client that gives up an attempt after its time-out, and sends a request again that was answered 429 or 503,
 * where it is safe to: reads, PUT, DELETE, and POST under an `Idempotency-Key`.
 */
export const patient =
  ({ attempts = 3, longestWait = "30 seconds", timeout = "10 seconds" }: Patience) =>
  (client: HttpClient.HttpClient): HttpClient.HttpClient =>
    HttpClient.transform(client, (send, request) => {
      const bounded = within(send, request, timeout)
      return isRepeatable(request) ? repeatedly(bounded, attempts, longestWait) : bounded
    })
