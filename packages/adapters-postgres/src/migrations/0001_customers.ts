import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const tables = [
  `CREATE TABLE customers (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    legacy_id BIGINT CONSTRAINT customers_legacy_id_unique UNIQUE,
    email VARCHAR(255) NOT NULL,
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    customer_type VARCHAR(20) NOT NULL DEFAULT 'individual' CHECK (customer_type IN ('individual', 'business')),
    status VARCHAR(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'suspended', 'pending')),
    email_verified BOOLEAN NOT NULL DEFAULT FALSE,
    registration_source VARCHAR(50),
    version INTEGER NOT NULL DEFAULT 1,
    last_login_at TIMESTAMPTZ(3),
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    deleted_at TIMESTAMPTZ(3),
    erased_at TIMESTAMPTZ(3)
  )`,
  `CREATE UNIQUE INDEX customers_email_unique ON customers (lower(email) COLLATE "C") WHERE erased_at IS NULL`,
  // Of a partial index the planner takes no statistics: it would not know a rare prefix from a common one.
  `CREATE STATISTICS customers_email_statistics ON (lower(email) COLLATE "C") FROM customers`,
  `CREATE INDEX idx_customers_first_name ON customers (lower(first_name) COLLATE "C")`,
  `CREATE INDEX idx_customers_last_name ON customers (lower(last_name) COLLATE "C")`,
  `CREATE INDEX idx_customers_status ON customers (status, created_at, id)`,
  `CREATE INDEX idx_customers_type ON customers (customer_type)`,
  `CREATE INDEX idx_customers_created_at ON customers (created_at, id)`,
  `CREATE INDEX idx_customers_updated_at ON customers (updated_at)`,

  `CREATE TABLE customer_profiles (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL UNIQUE REFERENCES customers(id) ON DELETE CASCADE,
    phone VARCHAR(40),
    phone_e164 VARCHAR(16),
    date_of_birth DATE,
    gender VARCHAR(20) CHECK (gender IN ('male', 'female', 'other', 'prefer_not_to_say')),
    phone_verified BOOLEAN NOT NULL DEFAULT FALSE,
    profile_data JSONB NOT NULL DEFAULT '{}',
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW()
  )`,
  `CREATE INDEX idx_profiles_phone ON customer_profiles (phone) WHERE phone IS NOT NULL`,
  `CREATE INDEX idx_profiles_data ON customer_profiles USING GIN (profile_data)`,

  `CREATE TABLE customer_preferences (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL UNIQUE REFERENCES customers(id) ON DELETE CASCADE,
    language VARCHAR(35) NOT NULL DEFAULT 'en',
    currency VARCHAR(3) NOT NULL DEFAULT 'USD',
    timezone VARCHAR(64) NOT NULL DEFAULT 'UTC',
    email_marketing BOOLEAN NOT NULL DEFAULT TRUE,
    sms_marketing BOOLEAN NOT NULL DEFAULT FALSE,
    push_notifications BOOLEAN NOT NULL DEFAULT TRUE,
    newsletter BOOLEAN NOT NULL DEFAULT TRUE,
    data_sharing BOOLEAN NOT NULL DEFAULT FALSE,
    analytics_tracking BOOLEAN NOT NULL DEFAULT TRUE,
    cookie_consent BOOLEAN NOT NULL DEFAULT FALSE,
    order_updates BOOLEAN NOT NULL DEFAULT TRUE,
    promotional_emails BOOLEAN NOT NULL DEFAULT TRUE,
    custom_preferences JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW()
  )`,
  `CREATE INDEX idx_preferences_marketing ON customer_preferences (email_marketing, sms_marketing)`,

  `CREATE TABLE customer_addresses (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    legacy_id BIGINT CONSTRAINT customer_addresses_legacy_id_unique UNIQUE,
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    type VARCHAR(20) NOT NULL DEFAULT 'shipping' CHECK (type IN ('shipping', 'billing', 'both')),
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    company VARCHAR(255),
    address_line_1 VARCHAR(255) NOT NULL,
    address_line_2 VARCHAR(255),
    city VARCHAR(100) NOT NULL,
    state_province VARCHAR(100),
    postal_code VARCHAR(20),
    country_code VARCHAR(2) NOT NULL,
    phone VARCHAR(40),
    phone_e164 VARCHAR(16),
    is_default BOOLEAN NOT NULL DEFAULT FALSE,
    is_verified BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW()
  )`,
  `CREATE INDEX idx_addresses_customer_id ON customer_addresses (customer_id)`,
  `CREATE INDEX idx_addresses_type ON customer_addresses (type)`,
  `CREATE INDEX idx_addresses_country ON customer_addresses (country_code)`,
  `CREATE UNIQUE INDEX customer_addresses_one_default_shipping ON customer_addresses (customer_id)
    WHERE is_default AND type IN ('shipping', 'both')`,
  `CREATE UNIQUE INDEX customer_addresses_one_default_billing ON customer_addresses (customer_id)
    WHERE is_default AND type IN ('billing', 'both')`,

  `CREATE TABLE customer_credentials (
    customer_id UUID PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW()
  )`,
  `CREATE TABLE customer_metrics (
    customer_id UUID PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
    tier VARCHAR(20) NOT NULL DEFAULT 'regular' CHECK (tier IN ('regular', 'premium', 'vip')),
    segment VARCHAR(20) NOT NULL DEFAULT 'new_customer'
      CHECK (segment IN ('vip', 'high_value', 'wholesale', 'new_customer', 'regular')),
    loyalty_points INTEGER NOT NULL DEFAULT 0,
    total_spent NUMERIC(19, 4) NOT NULL DEFAULT 0,
    order_count INTEGER NOT NULL DEFAULT 0,
    average_order_value NUMERIC(19, 4) NOT NULL DEFAULT 0,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW()
  )`,
  `CREATE INDEX idx_metrics_tier ON customer_metrics (tier) WHERE tier <> 'regular'`,
  `CREATE INDEX idx_metrics_segment ON customer_metrics (segment)`,

  `CREATE TABLE consent_ledger (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    purpose VARCHAR(30) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('granted', 'withdrawn')),
    source VARCHAR(20) NOT NULL,
    recorded_by VARCHAR(255) NOT NULL,
    recorded_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE INDEX idx_consent_ledger_customer ON consent_ledger (customer_id, id)`
]

const segments = [
  `CREATE TABLE customer_segments (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL,
    description TEXT,
    rules JSONB NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW()
  )`,
  `CREATE TABLE customer_segment_memberships (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    segment_id UUID NOT NULL REFERENCES customer_segments(id) ON DELETE CASCADE,
    assigned_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    assigned_by VARCHAR(50) NOT NULL DEFAULT 'system',
    UNIQUE (customer_id, segment_id)
  )`,
  `CREATE INDEX idx_segments_active ON customer_segments (is_active) WHERE is_active = TRUE`,
  `CREATE INDEX idx_segment_memberships_segment ON customer_segment_memberships (segment_id)`
]

const records = [
  `CREATE TABLE migration_id_mapping (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    entity_type VARCHAR(50) NOT NULL,
    legacy_id BIGINT NOT NULL,
    new_id UUID NOT NULL,
    magento_website_id INTEGER,
    magento_store_id INTEGER,
    migration_batch VARCHAR(50),
    migrated_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    UNIQUE (entity_type, legacy_id)
  )`,
  `CREATE INDEX idx_mapping_new_id ON migration_id_mapping (new_id)`,
  `CREATE INDEX idx_mapping_batch ON migration_id_mapping (migration_batch)`,

  `CREATE TABLE outbox_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE,
    customer_id UUID NOT NULL,
    customer_version INTEGER NOT NULL,
    topic VARCHAR(100) NOT NULL,
    envelope JSONB NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT NOW(),
    published_at TIMESTAMPTZ(3)
  )`,
  `CREATE INDEX idx_outbox_unpublished ON outbox_events (id) WHERE published_at IS NULL`,
  `CREATE INDEX idx_outbox_customer ON outbox_events (customer_id, id)`,

  `CREATE TABLE idempotency_keys (
    key VARCHAR(64) PRIMARY KEY,
    fingerprint VARCHAR(64) NOT NULL,
    customer_id UUID NOT NULL,
    answer TEXT NOT NULL,
    expires_at TIMESTAMPTZ(3) NOT NULL
  )`,
  `CREATE INDEX idx_idempotency_expires ON idempotency_keys (expires_at)`,
  `CREATE INDEX idx_idempotency_customer ON idempotency_keys (customer_id)`
]

/** The specification's tables, and what this service adds to them; docs/adr/0002-schema.md says where they differ. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach([...tables, ...segments, ...records], (statement) => sql.unsafe(statement).unprepared, {
    discard: true
  })
})
