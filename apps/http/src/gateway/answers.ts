import { type DomainError, failureOf } from "@customer-service/api"
import { type AlreadyAnswered, CorrelationId } from "@customer-service/core"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { failureResponse } from "./failureResponse.ts"
import { replay, respond } from "./idempotency.ts"
import { entityTag, holdsStill } from "./versions.ts"

/** What a caller is told beside the failure itself, for her program to go by. */
const headersOf = (error: DomainError): Readonly<Record<string, string>> => {
  if (error._tag === "VersionConflict" || error._tag === "SegmentVersionConflict") {
    return { etag: entityTag(error.current) }
  }
  return error._tag === "TooManyAttempts" ? { "retry-after": String(error.retryAfterSeconds) } : {}
}

const refuse = (error: DomainError) =>
  Effect.map(CorrelationId, (correlationId = "") => failureResponse(failureOf(error), correlationId, headersOf(error)))

/** Answers what a use case can fail with: a write that happened before with its first answer, the rest by its code. */
export const answering = <R>(
  effect: Effect.Effect<HttpServerResponse.HttpServerResponse, DomainError | AlreadyAnswered, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R> =>
  Effect.catch(effect, (error) =>
    error._tag === "AlreadyAnswered" ? Effect.succeed(replay(error.answer)) : refuse(error)
  )

/** A success under its version: JSON text, or nothing where the caller has this version already. */
export const versioned = (
  body: string,
  version: number,
  ifNoneMatch?: string
): HttpServerResponse.HttpServerResponse => {
  const headers = { etag: entityTag(version) }
  return holdsStill(ifNoneMatch, version)
    ? HttpServerResponse.empty({ status: 304, headers })
    : HttpServerResponse.text(body, { contentType: "application/json", headers })
}

/** A success in the envelope. */
export const succeeding = (
  data: Readonly<Record<string, unknown>>,
  options?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
): HttpServerResponse.HttpServerResponse => HttpServerResponse.jsonUnsafe({ success: true, data }, options)

/** What somebody is told who names no session, where one is needed. */
export const unauthenticated = Effect.map(CorrelationId, (correlationId = "") =>
  failureResponse(
    { code: "UNAUTHENTICATED", message: "Send the access token of a login, or its refresh token" },
    correlationId
  )
)

/** What is told of a request whose work is done later, and whose outcome the caller is not to learn. */
export const acceptedAnswer = {
  status: 202,
  headers: {},
  body: JSON.stringify({ success: true, data: { accepted: true } })
}

/** {@link acceptedAnswer} as a response. */
export const accepted = respond(acceptedAnswer)
