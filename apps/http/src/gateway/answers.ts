import { type DomainError, failureOf } from "@customer-service/api"
import { type AlreadyAnswered, CorrelationId } from "@customer-service/core"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { failureResponse } from "./failureResponse.ts"
import { replay } from "./idempotency.ts"
import { entityTag, holdsStill } from "./versions.ts"

const refuse = (error: DomainError) =>
  Effect.map(CorrelationId, (correlationId = "") =>
    failureResponse(
      failureOf(error),
      correlationId,
      error._tag === "VersionConflict" ? { etag: entityTag(error.current) } : undefined
    )
  )

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
