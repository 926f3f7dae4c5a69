import { EmailTaken, StorageUnavailable } from "@customer-service/core"
import { Effect } from "effect"
import { SqlError } from "effect/sql"

const isUnavailable = (error: SqlError.SqlError): boolean =>
  error.reason._tag === "ConnectionError" ||
  error.reason._tag === "AuthenticationError" ||
  error.reason._tag === "StatementTimeoutError" ||
  error.reason._tag === "LockTimeoutError"

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
