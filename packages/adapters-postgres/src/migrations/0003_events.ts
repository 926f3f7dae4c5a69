import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const events = [
  // What is about no customer is an event too: it tells of a message that was given up.
  `ALTER TABLE outbox_events ALTER COLUMN customer_id DROP NOT NULL, ADD COLUMN dropped_at TIMESTAMPTZ(3)`,

  // A published event leaves its entry in the index of those that are due, until the next vacuum.
  `ALTER TABLE outbox_events SET (autovacuum_vacuum_scale_factor = 0.05)`,

  // An expression, since a generated column would have the whole table written anew. One key of partition and id, since
  // the planner would read the primary key in place of two: it cannot know that old rows are published.
  `CREATE INDEX idx_outbox_due ON outbox_events
    (((get_byte(uuid_send(coalesce(customer_id, event_id)), 15) & 15)::bigint << 48 | id))
    WHERE published_at IS NULL AND dropped_at IS NULL`,
  `CREATE STATISTICS outbox_events_statistics ON
    ((get_byte(uuid_send(coalesce(customer_id, event_id)), 15) & 15)::bigint << 48 | id) FROM outbox_events`,
  `CREATE INDEX idx_outbox_published ON outbox_events (published_at) WHERE published_at IS NOT NULL`,
  `DROP INDEX idx_outbox_unpublished`
]

const relaying = [
  `CREATE TABLE outbox_partitions (
    partition SMALLINT PRIMARY KEY,
    ticket UUID,
    lease_until TIMESTAMPTZ(3),
    claimed_at TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity',
    publishing_since TIMESTAMPTZ(3),
    published_at TIMESTAMPTZ(3)
  )`,
  `INSERT INTO outbox_partitions (partition) SELECT generate_series(0, 15)`,

  `CREATE TABLE outbox_refusals (
    outbox_id BIGINT PRIMARY KEY REFERENCES outbox_events(id) ON DELETE CASCADE,
    chain UUID NOT NULL,
    customer_id UUID,
    refusals INTEGER NOT NULL,
    waits INTEGER NOT NULL,
    reason TEXT,
    retry_at TIMESTAMPTZ(3),
    dead_at TIMESTAMPTZ(3)
  )`,
  `CREATE INDEX idx_refusals_chain ON outbox_refusals (chain, outbox_id)`,
  `CREATE INDEX idx_refusals_dead ON outbox_refusals (dead_at, outbox_id) WHERE dead_at IS NOT NULL`
]

/** What the events of the outbox are relayed with. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Millions of events take longer to index than a statement may last.
  yield* sql`SET LOCAL statement_timeout = 0`.unprepared
  yield* Effect.forEach([...events, ...relaying], (statement) => sql.unsafe(statement).unprepared, { discard: true })
})
