import { Effect, Schedule } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { SessionId } from "./Session.ts"
import { SessionStore } from "./SessionStore.ts"

const patience = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced("10 seconds")])

/**
 * Ends every session of a customer, but for one. Where the store does not answer it is asked in the background until
 * it does; meanwhile the new session epoch, which is in the database, keeps the old ones from being refreshed.
 */
const endSessions = Effect.fn("endSessions")(function* (customerId: CustomerId, except?: SessionId) {
  const sessions = yield* SessionStore
  const ending = sessions.endAll(customerId, except)
  yield* Effect.catch(ending, () =>
    Effect.logWarning("The session store does not answer; sessions that must end will be ended when it does").pipe(
      Effect.annotateLogs({ customerId }),
      Effect.andThen(Effect.forkDetach(Effect.retry(ending, patience)))
    )
  )
})

/** Ends every session of a customer, but for one, once a write is done: a caller who hangs up does not part the two. */
export const endingSessions =
  (customerId: CustomerId, except?: SessionId) =>
  <A, E, R>(write: Effect.Effect<A, E, R>) =>
    Effect.uninterruptible(Effect.tap(write, () => endSessions(customerId, except)))
