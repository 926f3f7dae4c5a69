import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const credentials = [
  // A row may hold no password: mass log-outs count without one, and go on counting after it is dropped.
  `ALTER TABLE customer_credentials ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN session_epoch INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN contested BOOLEAN NOT NULL DEFAULT FALSE`,

  `CREATE TABLE verification_tokens (
    digest VARCHAR(64) PRIMARY KEY,
    purpose VARCHAR(30) NOT NULL
      CHECK (purpose IN ('email_verification', 'email_change', 'password_reset', 'phone_verification')),
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    target VARCHAR(255) NOT NULL,
    password_hash TEXT,
    issued_at TIMESTAMPTZ(3) NOT NULL,
    expires_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE INDEX idx_verification_tokens_customer ON verification_tokens (customer_id)`,
  `CREATE INDEX idx_verification_tokens_expires ON verification_tokens (expires_at)`
]

const messages = [
  `CREATE TABLE mail_queue (
    id UUID PRIMARY KEY,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    kind VARCHAR(30) NOT NULL,
    customer_id UUID,
    recipient VARCHAR(255) NOT NULL,
    password_hash TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ(3) NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT mail_queue_customer_known CHECK (customer_id IS NOT NULL OR kind IN ('verify_email', 'reset_password'))
  )`,
  `CREATE INDEX idx_mail_queue_due ON mail_queue (due_at, position)`,
  `CREATE INDEX idx_mail_queue_customer ON mail_queue (customer_id)`
]

const records = [
  `CREATE TABLE customer_audits (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    customer_version INTEGER NOT NULL,
    action VARCHAR(30) NOT NULL,
    actor_kind VARCHAR(20) NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT,
    correlation_id TEXT,
    recorded_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE INDEX idx_audits_customer ON customer_audits (customer_id, id)`,

  `CREATE TABLE erasure_requests (
    customer_id UUID PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
    state VARCHAR(10) NOT NULL CHECK (state IN ('planned', 'running', 'done', 'cancelled')),
    due_at TIMESTAMPTZ(3) NOT NULL,
    requested_at TIMESTAMPTZ(3) NOT NULL,
    requested_by TEXT NOT NULL,
    reason TEXT,
    lease_until TIMESTAMPTZ(3),
    started_at TIMESTAMPTZ(3),
    finished_at TIMESTAMPTZ(3),
    needles JSONB,
    identifiers INTEGER,
    erased JSONB,
    version INTEGER,
    legacy_id BIGINT,
    receipt JSONB
  )`,
  `CREATE INDEX idx_erasures_due ON erasure_requests (due_at) WHERE state = 'planned'`,
  `CREATE INDEX idx_erasures_lease ON erasure_requests (lease_until) WHERE state = 'running'`,

  // Old rows of the journal stand together: finding them needs no more than this.
  `CREATE INDEX idx_outbox_created ON outbox_events USING BRIN (created_at)`
]

/** What logins, verification, messages, audits and erasures are kept in. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach([...credentials, ...messages, ...records], (statement) => sql.unsafe(statement).unprepared, {
    discard: true
  })
})
