import { type Failure, validationFailure } from "@customer-service/api"
import { type Caller, CorrelationId, CurrentActor, CurrentCaller, inputIssues } from "@customer-service/core"
import { Cause, Context, Effect } from "effect"
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { SqlError } from "effect/sql"
import { Access } from "./Access.ts"
import { BodiesUnderWay, type BodyRefusal } from "./bodiesUnderWay.ts"
import { Callers } from "./callerOf.ts"
import { commonHeaders, correlationIdOf, keptNowhere } from "./commonHeaders.ts"
import { describe } from "./describeCause.ts"
import { failureResponse } from "./failureResponse.ts"
import { FrontDoor } from "./FrontDoor.ts"
import { refusalOfBody } from "./requestBody.ts"
import { count } from "./requestMetrics.ts"
import { RequestRecord } from "./RequestRecord.ts"
import { routeOf, unreadableParameters } from "./routes.ts"
import { UnderWay } from "./UnderWay.ts"

/** A request that takes longer than this is logged. */
const slowMilliseconds = 1000

const notFound: Failure = { code: "NOT_FOUND", message: "There is nothing at this path" }
const internal: Failure = {
  code: "INTERNAL_ERROR",
  message: "The service failed; tell its operators the correlation id"
}
const unmigrated: Failure = {
  code: "SERVICE_UNAVAILABLE",
  message: "The database is not what this version of the service needs; try again shortly"
}
const busy: Failure = { code: "SERVICE_UNAVAILABLE", message: "Too many requests are under way; try again shortly" }

const unrouted = (request: HttpServerRequest.HttpServerRequest, correlationId: string) => {
  const route = routeOf(request.url)
  if (route === undefined) return failureResponse(notFound, correlationId)
  const unreadable = unreadableParameters(request.url, route).map((path) => ({ path, message: "is not readable text" }))
  if (unreadable.length > 0) return failureResponse(validationFailure(unreadable), correlationId)
  const allow = route.methods.join(", ")
  const message = `This path takes ${allow}`
  return failureResponse({ code: "METHOD_NOT_ALLOWED", message }, correlationId, { allow })
}

const isRouteNotFound = (error: unknown): boolean =>
  HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"

/** Tables or columns that are missing come with a migration, which may be under way. */
const lacksTables = (error: unknown): boolean =>
  error instanceof SqlError.SqlError && error.reason._tag === "SqlSyntaxError"

/** What a request that did not come to an answer is told; what nobody expected is logged. */
const responseTo = Effect.fnUntraced(function* (
  cause: Cause.Cause<unknown>,
  request: HttpServerRequest.HttpServerRequest,
  record: RequestRecord
) {
  const error = Cause.squash(cause)
  if (isRouteNotFound(error)) return unrouted(request, record.correlationId)
  if (HttpApiError.HttpApiSchemaError.is(error) && error.kind !== "Body" && error.kind !== "ResponseHeaders") {
    return failureResponse(validationFailure(inputIssues(error.cause.issue)), record.correlationId)
  }
  yield* Effect.logError("A request failed unexpectedly", describe(error)).pipe(
    Effect.annotateLogs({ correlationId: record.correlationId, route: routeOf(request.url)?.template ?? "unknown" })
  )
  return failureResponse(lacksTables(error) ? unmigrated : internal, record.correlationId)
})

/** What must be kept nowhere says so itself. */
const unkept = ({ headers }: HttpServerResponse.HttpServerResponse): Record<string, string> =>
  headers["cache-control"] === keptNowhere["cache-control"] ? keptNowhere : {}

const close = (
  response: HttpServerResponse.HttpServerResponse,
  request: HttpServerRequest.HttpServerRequest,
  record: RequestRecord
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const milliseconds = performance.now() - record.startedAt
  const route = routeOf(request.url)?.template ?? "none"
  count(request.method, route, response.status, milliseconds)
  const finished = HttpServerResponse.setHeaders(response, { ...commonHeaders(record), ...unkept(response) })
  if (milliseconds < slowMilliseconds) return Effect.succeed(finished)
  return Effect.logWarning("A request was slow").pipe(
    Effect.annotateLogs({ correlationId: record.correlationId, route, milliseconds: Math.round(milliseconds) }),
    Effect.as(finished)
  )
}

type App<E> = Effect.Effect<HttpServerResponse.HttpServerResponse, E>

const isExempt = (url: string): boolean => url.startsWith("/health/") || url === "/metrics"

/** Whether another method than those of its path is asked for: the router might take a word of it for somebody's id. */
const isOfAnotherMethod = ({ method, url }: HttpServerRequest.HttpServerRequest): boolean =>
  routeOf(url)?.methods.includes(method) === false

const takesBody = ({ method, url }: HttpServerRequest.HttpServerRequest): boolean =>
  (method === "POST" || method === "PUT") && routeOf(url) !== undefined

/**
 * What every request passes, in and out: correlation id, the limit on requests under way, whose body it is and
 * that it can be read, and on the way back the envelope for whatever went wrong, the common headers, metrics and the
 * log of failures.
 */
export const layer = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const underWay = yield* UnderWay
    const door = yield* FrontDoor
    const access = yield* Access
    const callers = yield* Callers
    const bodies = yield* BodiesUnderWay

    const isFull = (): boolean => underWay.count > underWay.most

    const admit = <E>(app: App<E>, request: HttpServerRequest.HttpServerRequest, record: RequestRecord): App<E> => {
      if (isFull() && !isExempt(request.url)) {
        return Effect.succeed(failureResponse(busy, record.correlationId))
      }
      if (isOfAnotherMethod(request)) return Effect.succeed(unrouted(request, record.correlationId))
      return takesBody(request) ? withBody(app, request, record) : app
    }

    /** Who sends a body: whoever has a token, or at the doors that are open to everybody, anybody. */
    const enter = (request: HttpServerRequest.HttpServerRequest, record: RequestRecord) => {
      const caller = callers.callerOf(request)
      const authorization = request.headers["authorization"]
      const bearer = routeOf(request.url)?.bearer
      return Effect.map(
        bearer === undefined
          ? access.enter(authorization, record)
          : access.enterOpen(bearer === "optional" ? authorization : undefined, caller, record),
        (actor) => Context.make(CurrentActor, actor).pipe(Context.add(CurrentCaller, caller))
      )
    }

    /** A body that is on its way holds nobody's place: whoever sends hers slowly keeps no others from being answered. */
    const read = (request: HttpServerRequest.HttpServerRequest, { address }: Caller) =>
      Effect.acquireUseRelease(
        Effect.sync(() => void (underWay.count -= 1)),
        () => {
          const reading = refusalOfBody(request)
          return routeOf(request.url)?.bearer === undefined
            ? Effect.map(reading, (failure): BodyRefusal | undefined => failure && { failure })
            : bodies.read(request, address, reading)
        },
        () => Effect.sync(() => void (underWay.count += 1))
      )

    /** Nothing is read of a body before its sender is known and counted: whoever may not send it is not waited for. */
    const withBody = <E>(app: App<E>, request: HttpServerRequest.HttpServerRequest, record: RequestRecord): App<E> =>
      Effect.matchEffect(enter(request, record), {
        onFailure: ({ failure, headers }) => Effect.succeed(failureResponse(failure, record.correlationId, headers)),
        onSuccess: (sender) =>
          Effect.flatMap(read(request, Context.get(sender, CurrentCaller)), (found) => {
            const refusal = found ?? (isFull() ? { failure: busy } : undefined)
            return refusal === undefined
              ? Effect.provideContext(app, sender)
              : Effect.succeed(failureResponse(refusal.failure, record.correlationId, refusal.headers))
          })
      })

    const pass = <E>(app: App<E>): App<E> =>
      Effect.withFiber((fiber) => {
        const request = Context.getUnsafe(fiber.context, HttpServerRequest.HttpServerRequest)
        const correlationId = correlationIdOf(request.headers["x-correlation-id"])
        const limit = door.counted.get(request.source)
        const record: RequestRecord = { correlationId, startedAt: performance.now(), limit }
        // The server gives each request a context of its own, and drops it with the request.
        fiber.setContext(Context.add(Context.add(fiber.context, RequestRecord, record), CorrelationId, correlationId))
        underWay.count += 1
        return Effect.matchCauseEffect(admit(app, request, record), {
          onSuccess: (response) => {
            underWay.count -= 1
            return close(response, request, record)
          },
          onFailure: (cause) => {
            underWay.count -= 1
            // The caller is gone: there is nobody to answer.
            if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
            return Effect.flatMap(responseTo(cause, request, record), (response) => close(response, request, record))
          }
        })
      })

    yield* router.addGlobalMiddleware(pass)
  })
)
