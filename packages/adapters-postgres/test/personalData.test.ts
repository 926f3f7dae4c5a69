import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { personalData } from "../src/personalData.ts"
import { pglite, postgres } from "./support/database.ts"
import { allColumns } from "./support/tables.ts"

const declared = personalData.flatMap(({ columns, name }) => Object.keys(columns).map((column) => `${name}.${column}`))

/** Columns that no migration made, and columns that the registry does not name. */
const disagreement = Effect.map(allColumns, (columns) => {
  const present = new Set(columns.map(({ name, table }) => `${table}.${name}`))
  return {
    undeclared: [...present].filter((column) => !declared.includes(column)),
    missing: declared.filter((column) => !present.has(column))
  }
})

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  layer(database)(`the registry of personal data on ${name}`, (it) => {
    it.effect("declares every column of every table, and no other", () =>
      Effect.gen(function* () {
        assert.strictEqual(new Set(declared).size, declared.length)
        assert.deepStrictEqual(yield* disagreement, { undeclared: [], missing: [] })
      })
    )

    it.effect("does not know a column, or a table, that somebody adds", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`ALTER TABLE customers ADD COLUMN nickname TEXT, DROP COLUMN registration_source`
        yield* sql`CREATE TABLE wishes (id INTEGER, customer_id UUID)`
        assert.deepStrictEqual(yield* disagreement, {
          undeclared: ["customers.nickname", "wishes.customer_id", "wishes.id"],
          missing: ["customers.registration_source"]
        })
      })
    )
  })
}

layer(postgres)("the registry of personal data", (it) => {
  it.effect("says of every column that stays why it may", () =>
    Effect.sync(() => {
      for (const table of personalData) {
        for (const [column, { because, erasedTo, holds }] of Object.entries(table.columns)) {
          const goes = table.rows === "go" || erasedTo !== undefined
          assert.isTrue(goes || because !== undefined, `${table.name}.${column} ${holds}`)
        }
      }
    })
  )

  it.effect("says whose the rows are of every table that names a customer", () =>
    Effect.gen(function* () {
      const naming = (yield* allColumns).filter(({ name }) => name === "customer_id").map(({ table }) => table)
      for (const name of naming) assert.isDefined(personalData.find((table) => table.name === name)?.hers, name)
    })
  )
})
