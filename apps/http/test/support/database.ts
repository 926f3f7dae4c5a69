import "@customer-service/test-servers/global-setup"
import { randomBytes } from "node:crypto"
import { Client, Pool } from "pg"
import { inject } from "vitest"

/** A database that one test file has to itself. */
export interface TestDatabase {
  readonly url: string
  /** Rows of a query, to look at what the service wrote. */
  readonly rows: (statement: string, values?: ReadonlyArray<unknown>) => Promise<ReadonlyArray<Record<string, unknown>>>
  /** Everything that the service keeps, to see that nothing has changed. */
  readonly contents: () => Promise<ReadonlyArray<Record<string, unknown>>>
  readonly drop: () => Promise<void>
}

const tables = [
  "customers",
  "customer_profiles",
  "customer_preferences",
  "customer_addresses",
  "customer_credentials",
  "consent_ledger",
  "outbox_events",
  "idempotency_keys"
]

/** What is asked of events in SQL to leave those out that come of reviews, beside the requests. */
export const besideReviews = "envelope->'data'->>'change' IS DISTINCT FROM 'membership'"

// When an event went out is the relay's doing.
const parts = tables.map((table) =>
  table === "outbox_events"
    ? `SELECT '${table}' AS "table", to_jsonb(t) - 'published_at' AS "row" FROM ${table} t
       WHERE ${besideReviews}`
    : `SELECT '${table}' AS "table", to_jsonb(t) AS "row" FROM ${table} t`
)
const everything = parts.join(" UNION ALL ")

const administer = async (statement: string): Promise<void> => {
  const client = new Client(inject("databaseUrl"))
  await client.connect()
  await client.query(statement)
  await client.end()
}

const create = async (template: string): Promise<TestDatabase> => {
  const name = `http_${randomBytes(8).toString("hex")}`
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  const url = new URL(inject("databaseUrl"))
  url.pathname = `/${name}`
  const pool = new Pool({ connectionString: url.href, max: 2 })
  pool.on("error", () => {})
  return {
    url: url.href,
    rows: async (statement, values = []) => (await pool.query(statement, [...values])).rows,
    contents: async () => (await pool.query(`${everything} ORDER BY 1, 2`)).rows,
    drop: async () => {
      await pool.end()
      await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }
  }
}

/** A migrated database without customers. */
export const freshDatabase = (): Promise<TestDatabase> => create(inject("templateDatabase"))

/** A database without a single table. */
export const emptyDatabase = (): Promise<TestDatabase> => create("template0")
