import { Migrations, PgliteClient } from "@customer-service/adapters-postgres"
import { Clock, Effect } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { databaseTrouble } from "../failures.ts"
import { type Check, ok, problem, skipped } from "./Check.ts"

const oldestVersion = 15

/** A clock that is further off gives tokens and idempotency keys another life than they are meant to have (ms). */
const mostSkew = 2000

/** Whether a server answers, and in a version that will do; `name` says which server. */
export const versionCheck = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ version: string }>`SELECT current_setting('server_version') AS version`
  const version = row?.version ?? "unknown"
  return Number.parseInt(version, 10) >= oldestVersion
    ? ok(name, `PostgreSQL ${version} answers`)
    : problem(name, `PostgreSQL ${version} is too old`, `use version ${oldestVersion} or later`)
})

const clockCheck = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const before = yield* Clock.currentTimeMillis
  const [row] = yield* sql<{ now: Date }>`SELECT clock_timestamp() AS now`
  const after = yield* Clock.currentTimeMillis
  const skew = (row?.now.getTime() ?? before) - (before + after) / 2
  const seconds = `${Math.abs(skew / 1000).toFixed(1)} s ${skew < 0 ? "behind" : "ahead of"} this machine's`
  return Math.abs(skew) <= mostSkew + (after - before) / 2
    ? ok("clock", "the database's clock and this machine's agree")
    : problem("clock", `the database's clock is ${seconds}`, "let both follow a time server (NTP)")
})

const schemaCheck = Effect.map(Migrations.status, (migrations): Check => {
  const lacking = migrations.filter(({ applied }) => !applied)
  return lacking.length === 0
    ? ok("schema", `up to date at ${migrations.at(-1)?.name}`)
    : problem("schema", `${lacking.length} migration(s) missing`, "run `customer-service migrate up`")
})

/** The database in use: that it answers, its version, its clock and its tables. */
export const databaseChecks = Effect.all([versionCheck("database"), clockCheck, schemaCheck])

const patience = "6 seconds"

const troubleOf = (error: unknown): string => {
  if (error instanceof SqlError.SqlError) return databaseTrouble(error)
  return error instanceof Error ? error.message : "the database does not answer in time"
}

/** Turns a database that cannot be asked into a problem; one that another process has open is none. */
export const orTrouble = <A, E>(name: string, checks: Effect.Effect<A, E>, advice: string): Effect.Effect<A | Check> =>
  Effect.catch(Effect.timeout(checks, patience), (error) =>
    Effect.succeed(
      error instanceof PgliteClient.EmbeddedDatabaseInUse
        ? skipped(name, "in use by another process, which is probably the service; stop that to have it examined")
        : problem(name, troubleOf(error), advice)
    )
  )
