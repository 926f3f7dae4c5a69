import { Effect, Metric, Option, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { type Actor, CurrentActor } from "../request/Actor.ts"
import * as Customers from "../customer/Customers.ts"
import { type Session, SessionId } from "./Session.ts"
import { SessionNotFound, SessionStore } from "./SessionStore.ts"

const unchecked = Metric.counter("customer_sessions_unchecked_total", {
  description: "Requests let in on their access token alone, since the session store gave no answer"
})

const isSessionId = Schema.is(SessionId)

/**
 * Whether the session that an actor's token lives by is open. A token without a session needs none. Where the store
 * does not answer the token alone counts, for the minutes that it is good for.
 */
export const isOpen = (actor: Actor): Effect.Effect<boolean, never, SessionStore> => {
  const { sessionId, subject } = actor
  if (sessionId === undefined) return Effect.succeed(true)
  if (!isSessionId(sessionId)) return Effect.succeed(false)
  return Effect.flatMap(SessionStore, (sessions) =>
    Effect.matchEffect(sessions.find(sessionId), {
      onSuccess: (session) => Effect.succeed(Option.isSome(session) && session.value.customerId === subject),
      onFailure: () => Effect.as(Metric.update(unchecked, 1), true)
    })
  )
}

/** The session of the running request, if it is one of this customer's. */
export const currentOf = Effect.fnUntraced(function* (customerId: CustomerId) {
  const { sessionId, subject } = yield* CurrentActor
  return isSessionId(sessionId) && subject === customerId ? sessionId : undefined
})

/** A customer's open sessions, newest first. */
export const list = Effect.fn("Sessions.list")(function* (customerId: CustomerId) {
  yield* Customers.get(customerId)
  const sessions = yield* SessionStore
  return yield* sessions.list(customerId)
})

/** Ends one session of a customer; answers those that are left. */
export const end = Effect.fn("Sessions.end")(function* (customerId: CustomerId, sessionId: string) {
  const sessions = yield* SessionStore
  const open: ReadonlyArray<Session> = yield* list(customerId)
  const found = open.find(({ id }) => id === sessionId.toLowerCase())
  if (found === undefined) return yield* new SessionNotFound({ sessionId })
  yield* sessions.end(found.id)
  return open.filter((session) => session !== found)
})

/** Ends every session of a customer, at her own or somebody else's wish. */
export const endEvery = Effect.fn("Sessions.endEvery")(function* (customerId: CustomerId) {
  yield* Customers.get(customerId)
  const sessions = yield* SessionStore
  yield* sessions.endAll(customerId)
})
