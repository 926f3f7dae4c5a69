import { Effect } from "effect"
import { Migrator, SqlClient, type SqlError } from "effect/sql"
import customers from "./migrations/0001_customers.ts"
import identity from "./migrations/0002_identity.ts"
import events from "./migrations/0003_events.ts"
import standings from "./migrations/0004_standings.ts"
import segments from "./migrations/0005_segments.ts"
import journey from "./migrations/0006_journey.ts"
import analytics from "./migrations/0007_analytics.ts"

const table = "schema_migrations"

const migrations = {
  "0001_customers": customers,
  "0002_identity": identity,
  "0003_events": events,
  "0004_standings": standings,
  "0005_segments": segments,
  "0006_journey": journey,
  "0007_analytics": analytics
}

const names = Object.keys(migrations)

/** A migration and whether this database has it. */
export interface MigrationState {
  readonly name: string
  readonly applied: boolean
}

const appliedCount = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [present] = yield* sql<{ present: boolean }>`SELECT to_regclass(${table}) IS NOT NULL AS present`
  if (present?.present !== true) return 0
  const rows = yield* sql<{ applied: number }>`SELECT count(*)::int AS applied FROM ${sql(table)}`
  return rows[0]?.applied ?? 0
})

/** Every migration in order, with its state in this database. */
export const status: Effect.Effect<ReadonlyArray<MigrationState>, SqlError.SqlError, SqlClient.SqlClient> = Effect.map(
  appliedCount,
  (applied) => names.map((name, index) => ({ name, applied: index < applied }))
)

/** How many migrations this database lacks. */
export const pending = Effect.map(status, (states) => states.filter((state) => !state.applied).length)

/** Applies what is missing, under a lock on the migrations table; answers the names applied. */
export const up: Effect.Effect<
  ReadonlyArray<string>,
  Migrator.MigrationError | SqlError.SqlError,
  SqlClient.SqlClient
> = Effect.map(Migrator.make({})({ table, loader: Migrator.fromRecord(migrations) }), (applied) =>
  applied.map(([id, name]) => `${String(id).padStart(4, "0")}_${name}`)
)
