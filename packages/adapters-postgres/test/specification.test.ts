import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { readFileSync } from "node:fs"
import { postgres } from "./support/database.ts"

const statements = readFileSync(new URL("fixtures/specification.sql", import.meta.url), "utf8")
  .replaceAll(/--.*/g, "")
  .split(";")
  .filter((statement) => statement.trim() !== "")

/** The specification's tables in a schema of their own, beside those of the migrations. */
const withSpecification = Layer.provideMerge(
  Layer.effectDiscard(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const create = Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared)
      yield* sql`CREATE SCHEMA specification`
      yield* sql.withTransaction(Effect.andThen(sql`SET LOCAL search_path TO specification`, create))
    })
  ),
  postgres
)

interface Column {
  readonly name: string
  readonly type: string
  readonly length: number | null
  readonly initially: string | null
  readonly required: boolean
}

const columnsIn = (schema: string) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql<Column>`
      SELECT table_name || '.' || column_name AS name, data_type AS type, character_maximum_length AS length,
        column_default AS initially, is_nullable = 'NO' AS required
      FROM information_schema.columns WHERE table_schema = ${schema} ORDER BY name`
  )

/** Checks, keys and references, as PostgreSQL writes them. */
const constraintsIn = (schema: string) =>
  Effect.map(
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql<{ constraint: string }>`
        SELECT relname || ': ' || replace(pg_get_constraintdef(c.oid), ${`${schema}.`}, '') AS constraint
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.connamespace = ${schema}::regnamespace ORDER BY 1`
    ),
    (rows) => rows.map(({ constraint }) => constraint)
  )

const indexesIn = (schema: string) =>
  Effect.map(
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql<{ name: string }>`SELECT indexname AS name FROM pg_indexes WHERE schemaname = ${schema} ORDER BY 1`
    ),
    (rows) => rows.map(({ name }) => name)
  )

/** What is wider than specified: Magento's ids are unsigned, and a number may be written with separators. */
const widened: Readonly<Record<string, Partial<Column>>> = {
  "customers.legacy_id": { type: "bigint" },
  "customer_addresses.legacy_id": { type: "bigint" },
  "migration_id_mapping.legacy_id": { type: "bigint" },
  "customer_profiles.phone": { length: 40 },
  "customer_addresses.phone": { length: 40 }
}

const widen = (column: Column): Column => ({ ...column, ...widened[column.name] })

/** Left out: each is the beginning of an index that serves a constraint, or is less selective than one. */
const redundant = [
  "idx_addresses_default",
  "idx_addresses_legacy_id",
  "idx_customers_email",
  "idx_customers_legacy_id",
  "idx_mapping_legacy_id",
  "idx_preferences_customer_id",
  "idx_profiles_customer_id",
  "idx_segment_memberships_customer"
]

const missing = (specified: ReadonlyArray<string>, ours: ReadonlyArray<string>) => {
  const present = new Set(ours)
  return specified.filter((name) => !present.has(name))
}

layer(withSpecification)("the tables of the specification", (it) => {
  it.effect("are there, with every column under its name, type and default", () =>
    Effect.gen(function* () {
      const ours = new Map((yield* columnsIn("public")).map((column) => [column.name, column]))
      for (const { required, ...column } of (yield* columnsIn("specification")).map(widen)) {
        const { required: isRequired, ...found } = ours.get(column.name) ?? { required: false }
        assert.deepStrictEqual<object>(found, column)
        if (required) assert.isTrue(isRequired, column.name)
        if (column.initially !== null) assert.isTrue(isRequired, column.name)
      }
    })
  )

  it.effect("hold what they must hold", () =>
    Effect.gen(function* () {
      const absent = missing(yield* constraintsIn("specification"), yield* constraintsIn("public"))
      // In its place stands an index over lower(email) of those not erased.
      assert.deepStrictEqual(absent, ["customers: UNIQUE (email)"])
    })
  )

  it.effect("have their indexes, but for those that another makes redundant", () =>
    Effect.gen(function* () {
      const specified = (yield* indexesIn("specification")).filter((name) => name.startsWith("idx_"))
      assert.deepStrictEqual(missing(specified, yield* indexesIn("public")), redundant)
    })
  )

  it.effect("tell times to the millisecond, as the service does", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const finer = yield* sql`
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type LIKE 'timestamp%' AND table_name <> 'schema_migrations'
          AND (datetime_precision <> 3 OR data_type <> 'timestamp with time zone')`
      assert.deepStrictEqual(finer, [])
    })
  )
})
