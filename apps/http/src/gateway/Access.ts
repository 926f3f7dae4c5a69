import { hash } from "node:crypto"
import type { Failure } from "@customer-service/api"
import {
  type AccessScope,
  type AccessToken,
  type Actor,
  CachedTokenVerifier,
  type Caller,
  hasScope,
  nobody,
  RateLimiter,
  Sessions,
  SessionStore
} from "@customer-service/core"
import { Context, Effect, Layer } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { RequestRecord } from "./RequestRecord.ts"

/** What a caller is told who may not go on. */
export interface Refusal {
  readonly _tag: "Refused"
  readonly failure: Failure
  readonly headers?: Readonly<Record<string, string>>
}

/** Either the actor who may go on, or what the caller is told instead. */
export type Admission = { readonly _tag: "Admitted"; readonly actor: Actor } | Refusal

/** How a caller stands: with her limit, and whether she is logged in still. */
export interface Standing {
  readonly limit: RateLimiter.RateLimitState
  readonly isLoggedIn: boolean
}

/** How many requests a minute each kind of caller may make. */
export interface RateLimits {
  readonly perUser: number
  readonly perClient: number
}

const unauthenticated = (message: string, challenge: string): Refusal => ({
  _tag: "Refused",
  failure: { code: "UNAUTHENTICATED", message },
  headers: { "www-authenticate": challenge }
})

// RFC 6750, section 3.1: who sent no token is told the scheme alone.
const missing = unauthenticated("Send an access token: Authorization: Bearer …", "Bearer")

const reasons: { readonly [Reason in AccessToken.TokenRejected["reason"]]: string } = {
  malformed: "is not a token",
  signature: "has no valid signature",
  expired: "has expired",
  audience: "is not meant for this service",
  issuer: "is from an issuer that is not accepted here",
  algorithm: "is signed with an algorithm that is not accepted here",
  not_an_actor: "names neither a customer nor a service nor staff"
}

const loggedOut = unauthenticated("The session of the access token has ended", 'Bearer error="invalid_token"')

const keysUnavailable: Refusal = {
  _tag: "Refused",
  failure: { code: "SERVICE_UNAVAILABLE", message: "The keys of the token's issuer cannot be read; try again shortly" }
}

const forbidden = (scope: AccessScope): Refusal => ({
  _tag: "Refused",
  failure: { code: "FORBIDDEN", message: `The access token lacks the scope ${scope}` }
})

const limited = (state: RateLimiter.RateLimitState): Refusal => ({
  _tag: "Refused",
  failure: { code: "RATE_LIMITED", message: `At most ${state.limit} requests a minute; try again later` },
  headers: { "retry-after": String(state.resetSeconds) }
})

/** The token of an `Authorization: Bearer` header; the scheme's case does not matter. */
const bearerOf = (header: string | undefined): string | undefined => {
  if (header === undefined || header.length < 8) return undefined
  return header.slice(0, 7).toLowerCase() === "bearer " ? header.slice(7).trim() : undefined
}

/** The name under which an actor's requests are counted. */
const callerOf = (actor: Actor): string =>
  // The subject of a member of staff may be her mail address, which is not to stand in a key of the cache.
  `${actor.kind}:${actor.kind === "staff" ? hash("sha256", actor.subject, "base64url") : actor.subject}`

const mostNoted = 10_000

/** Decides about a request before anything else is done for it: who asks, whether she may, and how often. */
export class Access extends Context.Service<
  Access,
  {
    /** Who asks, where her token was verified a short while ago and she keeps to her limit; not what she may. */
    readonly recognise: (authorization: string | undefined) => Actor | undefined
    /** Counts one request of the actor, and looks whether the session that her token lives by is open. */
    readonly check: (actor: Actor) => Effect.Effect<Standing>
    /** Who asks, with this request counted and within her limit. */
    readonly enter: (authorization: string | undefined, record: RequestRecord) => Effect.Effect<Actor, Refusal>
    /**
     * Who asks at a door that is open to everybody: nobody in particular where no good token says so. Her network
     * address is counted.
     */
    readonly enterOpen: (
      authorization: string | undefined,
      caller: Caller,
      record: RequestRecord
    ) => Effect.Effect<Actor, Refusal>
    readonly admit: (
      request: HttpServerRequest.HttpServerRequest,
      record: RequestRecord,
      scope: AccessScope
    ) => Effect.Effect<Admission>
  }
>()("@customer-service/http/Access") {}

const make = (limits: RateLimits) =>
  Effect.gen(function* () {
    const tokens = yield* CachedTokenVerifier.CachedTokenVerifier
    const limiter = yield* RateLimiter.RateLimiter
    const sessions = yield* SessionStore.SessionStore

    const overLimit = new Set<string>()

    const note = (caller: string, allowed: boolean): void => {
      if (allowed) overLimit.delete(caller)
      else if (overLimit.size < mostNoted) overLimit.add(caller)
    }

    const count = (actor: Actor): Effect.Effect<RateLimiter.RateLimitState> => {
      const caller = callerOf(actor)
      return Effect.map(
        limiter.consume(caller, actor.kind === "service" ? limits.perClient : limits.perUser),
        (state) => {
          note(caller, state.allowed)
          return state
        }
      )
    }

    const identify = (authorization: string | undefined): Effect.Effect<Actor, Refusal> => {
      const token = bearerOf(authorization)
      if (token === undefined || token === "") return Effect.fail(missing)
      const known = tokens.peek(token, Date.now())
      if (known !== undefined) return Effect.succeed(known.actor)
      return Effect.mapBoth(tokens.verify(token), {
        onSuccess: ({ actor }) => actor,
        onFailure: (error) =>
          error._tag === "KeysUnavailable"
            ? keysUnavailable
            : unauthenticated(`The access token ${reasons[error.reason]}`, 'Bearer error="invalid_token"')
      })
    }

    const isLoggedIn = (actor: Actor): Effect.Effect<boolean> =>
      Effect.provideService(Sessions.isOpen(actor), SessionStore.SessionStore, sessions)

    /** Both are asked for together: one round trip. A token that no login gave has no session to ask for. */
    const check = (actor: Actor): Effect.Effect<Standing> =>
      actor.sessionId === undefined
        ? Effect.map(count(actor), (limit) => ({ limit, isLoggedIn: true }))
        : Effect.map(Effect.all([count(actor), isLoggedIn(actor)], { concurrency: 2 }), ([limit, isOpen]) => ({
            limit,
            isLoggedIn: isOpen
          }))

    /** Counts a request once, however often it is asked about. */
    const checkIn = Effect.fnUntraced(function* (actor: Actor, record: RequestRecord) {
      const standing =
        record.limit === undefined ? yield* check(actor) : { limit: record.limit, isLoggedIn: yield* isLoggedIn(actor) }
      record.limit = standing.limit
      if (!standing.limit.allowed) return yield* Effect.fail(limited(standing.limit))
      if (!standing.isLoggedIn) return yield* Effect.fail(loggedOut)
      record.actor = actor
      return actor
    })

    const enter = (authorization: string | undefined, record: RequestRecord): Effect.Effect<Actor, Refusal> =>
      record.actor === undefined
        ? Effect.flatMap(identify(authorization), (actor) => checkIn(actor, record))
        : Effect.succeed(record.actor)

    const enterOpen = Effect.fnUntraced(function* (
      authorization: string | undefined,
      { address = "unknown" }: Caller,
      record: RequestRecord
    ) {
      const state = yield* limiter.consume(`address:${address}`, limits.perUser)
      record.limit = state
      if (!state.allowed) return yield* Effect.fail(limited(state))
      const actor = yield* Effect.orElseSucceed(identify(authorization), () => nobody)
      record.actor = (yield* isLoggedIn(actor)) ? actor : nobody
      return record.actor
    })

    return Access.of({
      check,
      enter,
      enterOpen,
      recognise: (authorization) => {
        const token = bearerOf(authorization)
        const actor = token === undefined ? undefined : tokens.peek(token, Date.now())?.actor
        return actor === undefined || overLimit.has(callerOf(actor)) ? undefined : actor
      },
      admit: (request, record, scope) =>
        Effect.match(enter(request.headers["authorization"], record), {
          onSuccess: (actor): Admission => (hasScope(actor, scope) ? { _tag: "Admitted", actor } : forbidden(scope)),
          onFailure: (refusal): Admission => refusal
        })
    })
  })

export const layer = (
  limits: RateLimits
): Layer.Layer<
  Access,
  never,
  CachedTokenVerifier.CachedTokenVerifier | RateLimiter.RateLimiter | SessionStore.SessionStore
> => Layer.effect(Access, make(limits))
