import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** A column as the database itself describes it. */
export interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly length: number | null
}

/** Every column of every table, ordered by name. */
export const allColumns = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql<Column>`
    SELECT table_name AS table, column_name AS name, data_type AS type, character_maximum_length AS length
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name`
)

const allTables = Effect.map(allColumns, (columns) => [...new Set(columns.map(({ table }) => table))])

/** Every row of every table as text, by table. */
export const dump = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* allTables
  const rows = yield* Effect.forEach(tables, (table) =>
    Effect.map(
      sql.unsafe<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY 1`),
      (found) => [table, found.map(({ row }) => row)] as const
    )
  )
  return Object.fromEntries(rows)
})
