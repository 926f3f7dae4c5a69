import { Migrations, PostgresClient } from "@customer-service/adapters-postgres"
import { Effect, Redacted } from "effect"
import { Pool } from "pg"

/** A server's own database, brought up to date; it may go away and come back. */
export const migrated = async (url: string) => {
  await Effect.runPromise(
    Effect.provide(
      Migrations.up,
      PostgresClient.layer({
        url: Redacted.make(url),
        replicaUrls: [],
        maxConnections: 1,
        idleConnections: 0,
        applicationName: "set-up"
      })
    )
  )
  const pool = new Pool({ connectionString: url, max: 2 })
  pool.on("error", () => {})
  return {
    rows: async (statement: string): Promise<ReadonlyArray<Record<string, unknown>>> =>
      (await pool.query(statement)).rows,
    close: () => pool.end()
  }
}
