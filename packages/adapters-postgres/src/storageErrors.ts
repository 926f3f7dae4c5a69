import { EmailTaken, StorageUnavailable } from "@customer-service/core"
import { Effect } from "effect"
import { SqlError } from "effect/sql"

// SQLSTATEs of a server that cannot serve at the moment: out of resources (class 53), shutting down or starting
// (57P), and a primary that has become a standby (25006).
const cannotServe = /^(?:53|57P|25006$)/

const stateOf = ({ reason: { cause } }: SqlError.SqlError): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** Whether the database did not answer, or said that it cannot serve now: it may later. */
export const isUnavailable = (error: SqlError.SqlError): boolean =>
  error.reason._tag === "ConnectionError" ||
  error.reason._tag === "AuthenticationError" ||
  error.reason._tag === "StatementTimeoutError" ||
  error.reason._tag === "LockTimeoutError" ||
  cannotServe.test(stateOf(error))

/** A database that does not answer becomes `StorageUnavailable`; any other failure is a defect. */
export const orUnavailable = <A, E, R>(
  effect: Effect.Effect<A, E | SqlError.SqlError, R>
): Effect.Effect<A, Exclude<E, SqlError.SqlError> | StorageUnavailable, R> =>
  Effect.catchIf(
    effect,
    (error): error is Extract<E | SqlError.SqlError, SqlError.SqlError> => error instanceof SqlError.SqlError,
    (error) => (isUnavailable(error) ? Effect.fail(new StorageUnavailable()) : Effect.die(error))
  ) as never

/** The violated constraint's name tells which rule two writers raced for. */
export const orEmailTaken = <A, E, R>(effect: Effect.Effect<A, E | SqlError.SqlError, R>) =>
  Effect.catchIf(
    effect,
    (error): error is E & SqlError.SqlError =>
      error instanceof SqlError.SqlError &&
      error.reason._tag === "UniqueViolation" &&
      error.reason.constraint === "customers_email_unique",
    () => Effect.fail(new EmailTaken())
  )
