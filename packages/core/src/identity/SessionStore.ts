import { Clock, Context, Effect, Layer, Option, Result, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { Session, SessionId } from "./Session.ts"

/** The store of sessions does not answer. */
export class SessionsUnavailable extends Schema.TaggedError<SessionsUnavailable>()("SessionsUnavailable", {}) {}

/** No session of this id is open. */
export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  sessionId: Schema.String
}) {}

/**
 * Where open sessions are kept. A session that nobody uses for the store's time-out is over.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a session that was opened is found until it is ended
 * - a session that nobody uses for the time-out is over
 * - finding or changing a session starts its time anew, listing does not
 * - 20 concurrent changes of one session lose none
 * - a change whose decision fails changes nothing
 * - a change of a session that is over fails with SessionNotFound, and does not bring it back
 * - list gives a customer's open sessions, newest first
 * - ending all of a customer's sessions ends each of hers and nobody else's
 * - ending all but one leaves that one
 */
export class SessionStore extends Context.Service<
  SessionStore,
  {
    readonly open: (session: Session) => Effect.Effect<void, SessionsUnavailable>
    readonly find: (id: SessionId) => Effect.Effect<Option.Option<Session>, SessionsUnavailable>
    /** Decides on the session as it is and keeps the outcome, if nobody else changed it meanwhile; else once more. */
    readonly modify: <E>(
      id: SessionId,
      decide: (session: Session) => Result.Result<Session, E>
    ) => Effect.Effect<Session, E | SessionNotFound | SessionsUnavailable>
    readonly end: (id: SessionId) => Effect.Effect<void, SessionsUnavailable>
    readonly endAll: (customerId: CustomerId, except?: SessionId) => Effect.Effect<void, SessionsUnavailable>
    readonly list: (customerId: CustomerId) => Effect.Effect<ReadonlyArray<Session>, SessionsUnavailable>
  }
>()("@customer-service/core/SessionStore") {}

/** The time-out of a session that nobody uses, in seconds, where nothing else is said. */
export const defaultTimeoutSeconds = 1800

interface Kept {
  readonly session: Session
  expiresAt: number
}

const capacity = 100_000

/** Sessions in this process's memory; past 100,000 the one opened first is over. */
export const layerMemory = (timeoutSeconds: number = defaultTimeoutSeconds): Layer.Layer<SessionStore> =>
  Layer.effect(
    SessionStore,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const sessions = new Map<SessionId, Kept>()

      const lookUp = (id: SessionId): Kept | undefined => {
        const kept = sessions.get(id)
        if (kept === undefined || kept.expiresAt > clock.currentTimeMillisUnsafe()) return kept
        sessions.delete(id)
        return undefined
      }

      const expiry = () => clock.currentTimeMillisUnsafe() + timeoutSeconds * 1000

      const keep = (session: Session): void => {
        const oldest = sessions.size >= capacity ? sessions.keys().next().value : undefined
        if (oldest !== undefined && !sessions.has(session.id)) sessions.delete(oldest)
        sessions.set(session.id, { session, expiresAt: expiry() })
      }

      const ofCustomer = (customerId: CustomerId): ReadonlyArray<Session> =>
        [...sessions.keys()]
          .flatMap((id) => lookUp(id)?.session ?? [])
          .filter((session) => session.customerId === customerId)

      return SessionStore.of({
        open: (session) => Effect.sync(() => keep(session)),
        find: (id) =>
          Effect.sync(() => {
            const kept = lookUp(id)
            if (kept !== undefined) kept.expiresAt = expiry()
            return Option.map(Option.fromNullishOr(kept), (found) => found.session)
          }),
        modify: <E>(id: SessionId, decide: (session: Session) => Result.Result<Session, E>) =>
          Effect.suspend((): Effect.Effect<Session, E | SessionNotFound> => {
            const kept = lookUp(id)
            if (kept === undefined) return Effect.fail(new SessionNotFound({ sessionId: id }))
            const decided = decide(kept.session)
            if (Result.isSuccess(decided)) keep(decided.success)
            return Effect.fromResult(decided)
          }),
        end: (id) => Effect.sync(() => void sessions.delete(id)),
        endAll: (customerId, except) =>
          Effect.sync(() => {
            for (const { id } of ofCustomer(customerId)) if (id !== except) sessions.delete(id)
          }),
        list: (customerId) => Effect.sync(() => ofCustomer(customerId).toSorted(newestFirst))
      })
    })
  )

/** The order of lists of sessions. */
export const newestFirst = (one: Session, other: Session): number =>
  other.openedAt.epochMilliseconds - one.openedAt.epochMilliseconds || (other.id < one.id ? -1 : 1)
