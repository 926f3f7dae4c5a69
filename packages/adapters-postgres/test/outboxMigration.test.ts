import { Outbox } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { Migrator, SqlClient } from "effect/sql"
import customers from "../src/migrations/0001_customers.ts"
import identity from "../src/migrations/0002_identity.ts"
import * as Migrations from "../src/Migrations.ts"
import * as PgliteClient from "../src/PgliteClient.ts"
import * as PgOutbox from "../src/PgOutbox.ts"
import { emptyPostgres } from "./support/database.ts"
import { writeEvents } from "./support/writtenEvents.ts"

const [count, eventsOfEach] = [20, 3]

/** A database as it was before events were relayed, with events that wait for that. */
const before = Effect.gen(function* () {
  const loader = Migrator.fromRecord({ "0001_customers": customers, "0002_identity": identity })
  yield* Migrator.make({})({ table: "schema_migrations", loader })
  yield* writeEvents(count, eventsOfEach)
})

const withOutbox = <E>(database: Layer.Layer<SqlClient.SqlClient, E>) => Layer.provideMerge(PgOutbox.layer, database)

/** Publishes whatever is due; answers the versions of each customer in the order of their events. */
const publishAll = Effect.gen(function* () {
  const outbox = yield* Outbox.Outbox
  const versions = new Map<string | undefined, ReadonlyArray<number>>()
  while (true) {
    const claim = Option.getOrUndefined(yield* outbox.claim({ most: 7, leaseSeconds: 60 }))
    if (claim === undefined) return versions
    for (const { customerId, customerVersion } of claim.events) {
      versions.set(customerId, [...(versions.get(customerId) ?? []), customerVersion])
    }
    const published = claim.events.map(({ position }) => position)
    yield* outbox.settle(claim, { published, refused: [], delayed: [] })
  }
})

for (const [name, services] of [
  ["PGlite", withOutbox(PgliteClient.layer())] as const,
  ["PostgreSQL", withOutbox(emptyPostgres)] as const
]) {
  layer(services, { excludeTestServices: true })(`a database that has events already, on ${name}`, (it) => {
    it.effect("relays them once it is brought up to date, and then those about nobody", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* before
        yield* Migrations.up
        const versions = yield* publishAll
        assert.strictEqual(versions.size, count)
        for (const hers of versions.values()) assert.deepStrictEqual(hers, [1, 2, 3])
        yield* sql`
          INSERT INTO outbox_events (event_id, customer_version, topic, envelope)
          SELECT gen_random_uuid(), 0, 'customers.deadletter', '{}' FROM generate_series(1, 40)`
        assert.deepStrictEqual([...(yield* publishAll).keys()], [undefined])
        assert.deepStrictEqual(yield* sql`SELECT id FROM outbox_events WHERE published_at IS NULL`, [])
      })
    )
  })
}
