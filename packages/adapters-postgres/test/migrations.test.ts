import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Migrations from "../src/Migrations.ts"
import { emptyPostgres } from "./support/database.ts"

const tableCount = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.map(sql`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`, (rows) => rows.length)
)

const everyMigration = Effect.map(Migrations.status, (states) => states.map(({ name }) => name))

layer(emptyPostgres)("migrations", (it) => {
  it.effect("bring an empty database up to date, and do nothing the second time", () =>
    Effect.gen(function* () {
      const names = yield* everyMigration
      assert.isTrue((yield* Migrations.status).every(({ applied }) => !applied))
      assert.strictEqual(yield* Migrations.pending, names.length)
      assert.deepStrictEqual(yield* Migrations.up, names)
      assert.isTrue((yield* Migrations.status).every(({ applied }) => applied))
      assert.strictEqual(yield* Migrations.pending, 0)
      assert.deepStrictEqual(yield* Migrations.up, [])
    })
  )
})

layer(emptyPostgres)("migrations that several processes run at once", (it) => {
  it.effect("are applied by one of them, and none fails", () =>
    Effect.gen(function* () {
      const runs = yield* Effect.all([Migrations.up, Migrations.up, Migrations.up, Migrations.up], {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(runs.flat(), yield* everyMigration)
    })
  )
})

layer(emptyPostgres)("migrations that fail", (it) => {
  it.effect("leave nothing behind, and can be run again once the cause is gone", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE idempotency_keys (in_the_way int)`
      assert.strictEqual((yield* Effect.flip(Migrations.up))._tag, "MigrationError")
      assert.strictEqual(yield* tableCount, 2)
      assert.isAbove(yield* Migrations.pending, 0)
      yield* sql`DROP TABLE idempotency_keys`
      yield* Migrations.up
      assert.strictEqual(yield* Migrations.pending, 0)
    })
  )
})
