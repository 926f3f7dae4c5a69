import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const segments = [
  `ALTER TABLE customer_segments
    ADD COLUMN kind VARCHAR(20) NOT NULL DEFAULT 'rule' CHECK (kind IN ('rule', 'manual')),
    ADD COLUMN version INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN is_leaving BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN in_force_rules JSONB NOT NULL DEFAULT '{"any": []}',
    ADD COLUMN in_force_version INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN in_force_active BOOLEAN NOT NULL DEFAULT TRUE`,
  `CREATE UNIQUE INDEX customer_segments_name_unique ON customer_segments (name)`,
  `DROP INDEX idx_segment_memberships_segment`,
  `CREATE INDEX idx_segment_memberships_segment ON customer_segment_memberships (segment_id, customer_id)`,

  `CREATE TABLE customer_segment_exceptions (
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    segment_id UUID NOT NULL REFERENCES customer_segments(id) ON DELETE CASCADE,
    member BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMPTZ(3) NOT NULL,
    expires_at TIMESTAMPTZ(3),
    PRIMARY KEY (customer_id, segment_id)
  )`,
  `CREATE INDEX idx_segment_exceptions_segment ON customer_segment_exceptions (segment_id, customer_id)`,

  // Whose memberships are to be looked at, when, and what has changed of her since they were.
  `CREATE TABLE customer_segment_reviews (
    customer_id UUID PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
    due_at TIMESTAMPTZ(3) NOT NULL,
    fields TEXT[] NOT NULL DEFAULT '{}',
    before JSONB NOT NULL DEFAULT '{}',
    correlation_id TEXT
  )`,
  `CREATE INDEX idx_segment_reviews_due ON customer_segment_reviews (due_at, customer_id)`,

  // One row: how often a segment was written, and the fields on which rules depend.
  `CREATE TABLE segment_catalog (
    is_current BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (is_current),
    revision BIGINT NOT NULL,
    fields TEXT[] NOT NULL
  )`
]

// A review writes here while a step has the recompute's row: nothing refers to that, so that none waits for the other.
const recomputes = [
  `CREATE TABLE segment_recomputes (
    segment_id UUID PRIMARY KEY REFERENCES customer_segments(id) ON DELETE CASCADE,
    state VARCHAR(20) NOT NULL DEFAULT 'new'
      CHECK (state IN ('new', 'waiting', 'comparing', 'switching', 'telling', 'leaving')),
    waits_for TEXT[],
    cursor UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    is_demanded BOOLEAN NOT NULL DEFAULT FALSE,
    is_again BOOLEAN NOT NULL DEFAULT FALSE,
    started_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE TABLE segment_recompute_moves (
    segment_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    joins BOOLEAN NOT NULL,
    by_hand BOOLEAN NOT NULL,
    PRIMARY KEY (segment_id, customer_id)
  )`,
  `CREATE INDEX idx_recompute_moves_customer ON segment_recompute_moves (customer_id)`,
  `CREATE TABLE segment_recompute_touched (
    segment_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    PRIMARY KEY (segment_id, customer_id)
  )`,
  `CREATE INDEX idx_recompute_touched_customer ON segment_recompute_touched (customer_id)`
]

const defaults = [
  // What somebody has put there by hand stays as it is until it is written.
  `UPDATE customer_segments SET in_force_rules = rules, in_force_version = 1, in_force_active = is_active`,
  `INSERT INTO customer_segments (name, description, rules) VALUES
    ('all-customers', 'All registered customers.', '{"all": []}'),
    ('new-customers', 'Customers registered in the last 30 days.',
      '{"field": "createdAt", "op": "withinLast", "value": 30}'),
    ('regular-customers', 'Standard customers.', '{"all": [{"field": "type", "op": "eq", "value": "individual"},
      {"field": "tier", "op": "ne", "value": "vip"}]}'),
    ('wholesale-customers', 'Business customers.', '{"field": "type", "op": "eq", "value": "business"}'),
    ('vip-customers', 'Customers of high value, by what they have ordered.',
      '{"field": "tier", "op": "eq", "value": "vip"}')
    ON CONFLICT (name) DO NOTHING`,
  // Nobody is to be looked at where nobody is there; else everybody, in the background.
  `UPDATE customer_segments SET in_force_rules = rules, in_force_version = 1
    WHERE in_force_version = 0 AND NOT EXISTS (SELECT FROM customers)`,
  `INSERT INTO segment_recomputes (segment_id, started_at)
    SELECT id, now() FROM customer_segments WHERE in_force_version = 0`,
  `INSERT INTO segment_catalog (revision, fields) VALUES (1, '{status,createdAt,type,tier}')`
]

// Keys of writes of segments are no customer's.
const keys = [
  // What a colleague decided of a membership, and of which.
  `ALTER TABLE customer_audits ADD COLUMN details JSONB`,
  `ALTER TABLE idempotency_keys ALTER COLUMN customer_id DROP NOT NULL`
]

// Who has an address in a country is read from the index alone, as rules ask it of everybody.
const indexesOfRules = [
  `DROP INDEX idx_addresses_country`,
  `CREATE INDEX idx_addresses_country ON customer_addresses (country_code, customer_id)`
]

/** Segments with rules, and what it takes for memberships to follow them. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // The members of segments may be many.
  yield* sql`SET LOCAL statement_timeout = 0`.unprepared
  yield* Effect.forEach(
    [...segments, ...recomputes, ...defaults, ...keys, ...indexesOfRules],
    (statement) => sql.unsafe(statement).unprepared,
    {
      discard: true
    }
  )
})
