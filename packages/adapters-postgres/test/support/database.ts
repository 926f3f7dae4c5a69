import { Effect, Layer } from "effect"
import { randomBytes } from "node:crypto"
import "@customer-service/test-servers/global-setup"
import { inject } from "vitest"
import * as Migrations from "../../src/Migrations.ts"
import * as PgliteClient from "../../src/PgliteClient.ts"
import * as PostgresClient from "../../src/PostgresClient.ts"
import { execute, optionsOf, urlOf } from "./servers.ts"

const create = (template: string) =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const name = `test_${randomBytes(8).toString("hex")}`
      yield* execute(inject("databaseUrl"), `CREATE DATABASE ${name} TEMPLATE ${template}`)
      return { name, url: urlOf(inject("databaseUrl"), name) }
    }),
    ({ name }) => execute(inject("databaseUrl"), `DROP DATABASE ${name} WITH (FORCE)`)
  )

/** A migrated database without customers, of the running test alone; it is dropped with the scope. */
export const freshDatabase = Effect.suspend(() => create(inject("templateDatabase")))

/** A database without a single table. */
const emptyDatabase = create("template0")

const clientOfDatabase = (database: typeof freshDatabase) =>
  Layer.unwrap(Effect.map(database, ({ url }) => PostgresClient.layer(optionsOf(url))))

/** PostgreSQL with a migrated database of its own. */
export const postgres = clientOfDatabase(freshDatabase)

/** PostgreSQL with a database of its own that has no tables yet. */
export const emptyPostgres = clientOfDatabase(emptyDatabase)

/** PGlite in memory, migrated. */
export const pglite = Layer.provideMerge(Layer.effectDiscard(Migrations.up), PgliteClient.layer())
