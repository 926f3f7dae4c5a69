import { PgEventJournal, PostgresClient } from "@customer-service/adapters-postgres"
import { EventJournal } from "@customer-service/core"
import { Effect, Layer, Redacted } from "effect"

type Journal = EventJournal.EventJournal["Service"]

/** Asks the journal of events in this database, as the command line does. */
export const askJournal = <A, E>(url: string, ask: (journal: Journal) => Effect.Effect<A, E>): Promise<A> => {
  const client = PostgresClient.layer({
    url: Redacted.make(url),
    replicaUrls: [],
    maxConnections: 1,
    idleConnections: 0,
    applicationName: "journal"
  })
  const journal = PgEventJournal.layer.pipe(Layer.provide(client))
  return Effect.runPromise(Effect.provide(Effect.flatMap(EventJournal.EventJournal, ask), journal))
}
