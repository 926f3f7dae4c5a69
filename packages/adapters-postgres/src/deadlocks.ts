import { Effect } from "effect"
import { SqlError } from "effect/sql"

/** So often something is tried again that another transaction stood in the way of. */
export const attempts = 10

/** Whether the database ended a transaction because another stood in its way: it can be run again. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof SqlError.SqlError &&
  (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")

/** Runs a transaction again whose turn another took. */
export const outOfDeadlock = <A, E, R>(transaction: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.retry(transaction, { times: attempts, while: isDeadlock })
