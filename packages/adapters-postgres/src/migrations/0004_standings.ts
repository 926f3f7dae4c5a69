import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const standings = [
  `ALTER TABLE customer_metrics ALTER COLUMN loyalty_points TYPE BIGINT,
    ADD COLUMN last_order_at TIMESTAMPTZ(3),
    ADD COLUMN premium_since TIMESTAMPTZ(3),
    ADD COLUMN vip_since TIMESTAMPTZ(3),
    ADD COLUMN high_value_since TIMESTAMPTZ(3),
    ADD COLUMN tier_override JSONB,
    ADD COLUMN segment_override JSONB,
    ADD COLUMN review_at TIMESTAMPTZ(3)`,
  // Nobody has looked at labels so far: whoever is new still, or was for long enough, is looked at when her time comes.
  `UPDATE customer_metrics SET review_at = c.created_at + interval '30 days'
    FROM customers c WHERE c.id = customer_id AND c.erased_at IS NULL AND segment = 'new_customer'`,
  `CREATE INDEX idx_metrics_review ON customer_metrics (review_at, customer_id) WHERE review_at IS NOT NULL`,

  `CREATE TABLE customer_tier_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    from_tier VARCHAR(20) NOT NULL,
    to_tier VARCHAR(20) NOT NULL,
    cause VARCHAR(20) NOT NULL,
    reason TEXT,
    changed_by TEXT,
    achieved_at TIMESTAMPTZ(3) NOT NULL,
    recorded_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE INDEX idx_tier_history_customer ON customer_tier_history (customer_id, id)`
]

// Ids of other services are compared byte by byte: which of two tellings stands must be the same on every machine.
const told = [
  `CREATE TABLE customer_orders (
    order_id TEXT COLLATE "C" PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    total NUMERIC(19, 4) NOT NULL,
    completed_at TIMESTAMPTZ(3) NOT NULL,
    occurred_at TIMESTAMPTZ(3) NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL
  )`,
  `CREATE INDEX idx_orders_customer ON customer_orders (customer_id, completed_at, order_id)`,

  `CREATE TABLE customer_loyalty_events (
    event_id TEXT COLLATE "C" PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    points INTEGER NOT NULL,
    balance INTEGER,
    occurred_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE INDEX idx_loyalty_customer ON customer_loyalty_events (customer_id, occurred_at, event_id)`
]

// A message is kept as the text of its JSON: JSONB takes neither U+0000 nor lone surrogates, and somebody may send both.
const messages = [
  `CREATE TABLE processed_events (
    topic TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    processed_at TIMESTAMPTZ(3) NOT NULL,
    PRIMARY KEY (topic, event_id)
  )`,
  // Old rows stand together, as in the outbox.
  `CREATE INDEX idx_processed_at ON processed_events USING BRIN (processed_at)`,

  `CREATE TABLE parked_events (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    customer_id UUID,
    legacy_id BIGINT,
    message TEXT NOT NULL,
    received_at TIMESTAMPTZ(3) NOT NULL,
    until TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT parked_events_event_unique UNIQUE (topic, event_id)
  )`,
  `CREATE INDEX idx_parked_customer ON parked_events (customer_id) WHERE customer_id IS NOT NULL`,
  `CREATE INDEX idx_parked_legacy ON parked_events (legacy_id) WHERE legacy_id IS NOT NULL`,
  `CREATE INDEX idx_parked_until ON parked_events (until)`,

  `CREATE TABLE dead_letters (
    id UUID PRIMARY KEY,
    topic TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    reason VARCHAR(20) NOT NULL,
    detail TEXT NOT NULL,
    customer_id UUID,
    legacy_id BIGINT,
    message TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT dead_letters_event_unique UNIQUE (topic, event_id)
  )`,
  `CREATE INDEX idx_dead_letters_created ON dead_letters (created_at, id)`,
  `CREATE INDEX idx_dead_letters_customer ON dead_letters (customer_id) WHERE customer_id IS NOT NULL`,
  `CREATE INDEX idx_dead_letters_legacy ON dead_letters (legacy_id) WHERE legacy_id IS NOT NULL`
]

/** Where customers stand and what that follows from: orders, points, and the messages that told of them. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Millions of customers take longer to write anew than a statement may last.
  yield* sql`SET LOCAL statement_timeout = 0`.unprepared
  yield* Effect.forEach([...standings, ...told, ...messages], (statement) => sql.unsafe(statement).unprepared, {
    discard: true
  })
})
