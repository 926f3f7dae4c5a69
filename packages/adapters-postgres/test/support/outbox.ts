import { Outbox } from "@customer-service/core"
import { Context, Duration, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as OutboxBell from "../../src/OutboxBell.ts"
import * as PgEventJournal from "../../src/PgEventJournal.ts"
import * as PgOutbox from "../../src/PgOutbox.ts"
import * as PostgresClient from "../../src/PostgresClient.ts"
import { freshDatabase, pglite, postgres } from "./database.ts"
import { repository } from "./repository.ts"
import { optionsOf } from "./servers.ts"

/** The outbox and its journal, beside the repository that writes its events. */
const outbox = Layer.mergeAll(repository(), PgOutbox.layer, PgEventJournal.layer)

const withBell = <A, E>(database: Layer.Layer<A | SqlClient.SqlClient, E>, bell: Layer.Layer<never, never, A>) =>
  Layer.provideMerge(outbox, Layer.provideMerge(bell, database))

/** The outbox in PostgreSQL, whose bell is heard. */
export const outboxInPostgres = withBell(postgres, OutboxBell.layerNotify)

/** The outbox in PGlite, whose bell is heard. */
export const outboxInPglite = withBell(pglite, OutboxBell.layerLocal)

/** What another relay has of the same outbox. */
export class AnotherOutbox extends Context.Service<AnotherOutbox, Outbox.Outbox["Service"]>()("test/AnotherOutbox") {}

const another = Layer.effect(AnotherOutbox, Outbox.Outbox)

/** The outbox in PostgreSQL, of which another process has a relay too. */
export const outboxOfTwoProcesses = Layer.unwrap(
  Effect.map(freshDatabase, ({ url }) => {
    const own = () => Layer.fresh(withBell(PostgresClient.layer(optionsOf(url)), OutboxBell.layerNotify))
    return Layer.merge(own(), Layer.provide(another, own()))
  })
)

/** The outbox in PGlite with another relay of the one process that has it open. */
export const outboxOfTwoRelays = Layer.provideMerge(another, outboxInPglite)

/** Has leases, waits and windows pass: moves the moments that they go by back. The database has a clock of its own. */
export const outboxTime = {
  advance: Effect.fnUntraced(function* (duration: Duration.Input) {
    const sql = yield* SqlClient.SqlClient
    const passed = sql`${Duration.toMillis(Duration.fromInputUnsafe(duration))}::float8 * interval '1 millisecond'`
    yield* sql`
      UPDATE outbox_partitions SET lease_until = lease_until - ${passed}, publishing_since = publishing_since - ${passed}`
    yield* sql`UPDATE outbox_refusals SET retry_at = retry_at - ${passed}, dead_at = dead_at - ${passed}`
    yield* sql`UPDATE outbox_events SET published_at = published_at - ${passed}`
  }, Effect.orDie)
}
