import { Migrations } from "@customer-service/adapters-postgres"
import { Effect, Layer, Schedule } from "effect"
import { SqlClient, SqlError } from "effect/sql"

const backoff = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced("5 seconds")])

const isUnreachable = (error: unknown): boolean =>
  error instanceof SqlError.SqlError && error.reason._tag === "ConnectionError"

/** Waits for the database; says once that it waits. */
const reachable = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapError(effect, (error) =>
    isUnreachable(error) ? Effect.logWarning("The database does not answer yet; trying again") : Effect.void
  ).pipe(Effect.retry({ schedule: backoff, while: isUnreachable }))

const apply = Effect.gen(function* () {
  const applied = yield* reachable(Migrations.up)
  if (applied.length > 0) yield* Effect.logInfo(`Migrations applied: ${applied.join(", ")}`)
})

const check = Effect.gen(function* () {
  const pending = yield* reachable(Migrations.pending)
  if (pending > 0) {
    yield* Effect.logError(`The database lacks ${pending} migration(s): run \`customer-service migrate up\``)
  }
})

/**
 * Brings the database up to date while the service starts, or says that it is behind. Runs beside the server, so
 * that a database that comes late finds a service that waits for it.
 */
export const layer = (enabled: boolean): Layer.Layer<never, never, SqlClient.SqlClient> =>
  Layer.effectDiscard(
    Effect.forkScoped(Effect.catchCause(enabled ? apply : check, (cause) => Effect.logError("Migration failed", cause)))
  )
