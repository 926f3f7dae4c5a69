import { Migrations, PostgresClient } from "@customer-service/adapters-postgres"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomBytes } from "node:crypto"
import { inject } from "vitest"

const clientOf = (url: string) =>
  PostgresClient.layer({
    url: Redacted.make(url),
    replicaUrls: [],
    maxConnections: 2,
    idleConnections: 0,
    applicationName: "customer-service-cli-tests"
  })

/** Rows of a statement, on a connection of its own. */
const rowsOf = (url: string, statement: string) =>
  Effect.runPromise(
    Effect.provide(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Readonly<Record<string, unknown>>>(statement).unprepared),
      clientOf(url)
    )
  )

/** A database that one test file has to itself. */
export interface TestDatabase {
  readonly url: string
  readonly rows: (statement: string) => Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  readonly drop: () => Promise<void>
}

/** A database without a single table. */
export const emptyDatabase = async (): Promise<TestDatabase> => {
  const name = `cli_${randomBytes(8).toString("hex")}`
  await rowsOf(inject("databaseUrl"), `CREATE DATABASE ${name} TEMPLATE template0`)
  const url = new URL(inject("databaseUrl"))
  url.pathname = `/${name}`
  return {
    url: url.href,
    rows: (statement) => rowsOf(url.href, statement),
    drop: async () => void (await rowsOf(inject("databaseUrl"), `DROP DATABASE ${name} WITH (FORCE)`))
  }
}

/** A migrated database without customers. */
export const freshDatabase = async (): Promise<TestDatabase> => {
  const database = await emptyDatabase()
  await Effect.runPromise(Effect.provide(Migrations.up, clientOf(database.url)))
  return database
}
