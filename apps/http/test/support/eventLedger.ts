import type { TestDatabase } from "./database.ts"
import type { Published } from "./publishedEvents.ts"

/** An event as it was committed. */
interface Committed {
  readonly eventId: string
  readonly customerId: string
  readonly version: number
}

const committed = async ({ rows }: Pick<TestDatabase, "rows">): Promise<ReadonlyArray<Committed>> =>
  (
    await rows(
      `SELECT event_id AS "eventId", customer_id AS "customerId", customer_version AS version FROM outbox_events ORDER BY id`
    )
  ).map((row) => ({
    eventId: String(row["eventId"]),
    customerId: String(row["customerId"]),
    version: Number(row["version"])
  }))

/** Customers whose events came for the first time in another order than that of their versions. */
const outOfOrder = (events: ReadonlyArray<Published>, byId: ReadonlyMap<string, Committed>): ReadonlyArray<string> => {
  const known = new Set<string>()
  const last = new Map<string, number>()
  const disordered = new Set<string>()
  for (const { envelope } of events) {
    const row = byId.get(envelope.eventId)
    if (row === undefined || known.has(envelope.eventId)) continue
    known.add(envelope.eventId)
    if ((last.get(row.customerId) ?? 0) > row.version) disordered.add(row.customerId)
    last.set(row.customerId, row.version)
  }
  return [...disordered]
}

/** What is on the topics beside what was committed. */
export interface Ledger {
  readonly committed: number
  readonly duplicates: number
  /** Committed, and on no topic. */
  readonly losses: number
  /** On a topic, and never committed. */
  readonly uncommitted: number
  readonly outOfOrder: ReadonlyArray<string>
}

/** Compares what stands on the topics with everything that was ever committed. */
export const ledgerOf = async (
  database: Pick<TestDatabase, "rows">,
  events: ReadonlyArray<Published>
): Promise<Ledger> => {
  const written = await committed(database)
  const byId = new Map(written.map((row) => [row.eventId, row]))
  const onTopic = new Set(events.map(({ envelope }) => envelope.eventId))
  return {
    committed: written.length,
    duplicates: events.length - onTopic.size,
    losses: written.filter(({ eventId }) => !onTopic.has(eventId)).length,
    uncommitted: [...onTopic].filter((eventId) => !byId.has(eventId)).length,
    outOfOrder: outOfOrder(events, byId)
  }
}
