import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresClient from "../src/PostgresClient.ts"
import { freshDatabase } from "./support/database.ts"
import { optionsOf } from "./support/servers.ts"

const setting = (name: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.map(sql<{ value: string }>`SELECT current_setting(${name}) AS value`, ([row]) => row?.value)
  )

describe("the client of PostgreSQL", () => {
  it.live("speaks UTC under the service's name, and lets no statement run for long", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* setting("TimeZone"), "UTC")
        assert.strictEqual(yield* setting("application_name"), "customer-service-tests")
        assert.strictEqual(yield* setting("statement_timeout"), "15s")
      }).pipe(Effect.provide(PostgresClient.layer(optionsOf(url))))
    })
  )

  it.live("does without TLS where the address only prefers it and the server has none", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      yield* Effect.provide(setting("ssl"), PostgresClient.layer(optionsOf(`${url}?sslmode=prefer`)))
    })
  )
})
