import { personalData } from "../../../../packages/adapters-postgres/src/personalData.ts"
import type { Query } from "./dumps.ts"

/** A column that the registry calls personal or secret, as the database has it. */
export interface PersonalColumn {
  readonly table: string
  readonly column: string
  /** The column that names whose row it is. */
  readonly owner: string
  readonly isSecret: boolean
  /** Whether the row goes with her; else it stays and the column is overwritten. */
  readonly goes: boolean
  /** Whether it holds text of any kind, long enough for a canary. */
  readonly takesText: boolean
  readonly isJson: boolean
}

const owners: Readonly<Record<string, string>> = { customers: "id", migration_id_mapping: "new_id" }

// A column that a check limits to a few words takes no others, and neither does one that names an actor or a state.
const takers = `
  SELECT c.table_name AS "table", c.column_name AS "column", c.data_type = 'jsonb' AS "isJson",
    c.data_type IN ('text', 'character varying') AND coalesce(c.character_maximum_length, 1000) >= 11 AND NOT EXISTS (
      SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
      WHERE k.contype = 'c' AND k.conrelid = format('%I', c.table_name)::regclass AND a.attname = c.column_name
        AND cardinality(k.conkey) = 1
    ) AS "takesText"
  FROM information_schema.columns c WHERE c.table_schema = 'public'`

/** Every column that the registry declares to hold personal data or a secret. */
export const personalColumns = async (query: Query): Promise<ReadonlyArray<PersonalColumn>> => {
  const kinds = new Map((await query(takers)).map((row) => [`${String(row["table"])}.${String(row["column"])}`, row]))
  return personalData.flatMap(({ columns, name: table, rows }) =>
    Object.entries(columns)
      .filter(([, { holds }]) => holds !== "nothing personal")
      .map(([column, { holds }]) => {
        const kind = kinds.get(`${table}.${column}`)
        return {
          table,
          column,
          owner: owners[table] ?? "customer_id",
          isSecret: holds === "a secret",
          goes: rows === "go",
          takesText: kind?.["takesText"] === true,
          isJson: kind?.["isJson"] === true
        }
      })
  )
}
