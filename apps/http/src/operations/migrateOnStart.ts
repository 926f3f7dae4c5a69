import { isUnavailable, Migrations } from "@customer-service/adapters-postgres"
import { Effect, Layer, Schedule } from "effect"
import { Migrator, SqlClient, SqlError } from "effect/sql"

const backoff = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced("5 seconds")])

/** Why the database cannot be used now though it may be later; undefined where waiting would not help. */
const reasonToWait = (error: unknown): string | undefined => {
  if (error instanceof Migrator.MigrationError) return reasonToWait(error.cause)
  return error instanceof SqlError.SqlError && isUnavailable(error) ? error.reason._tag : undefined
}

/** Waits for the database; says once of each reason that it waits. */
const reachable = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const told = new Set<string>()
    return Effect.tapError(effect, (error) => {
      const reason = reasonToWait(error)
      if (reason === undefined || told.has(reason)) return Effect.void
      told.add(reason)
      return Effect.logWarning(`The database does not answer yet (${reason}); trying again`)
    }).pipe(Effect.retry({ schedule: backoff, while: (error) => reasonToWait(error) !== undefined }))
  })

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
