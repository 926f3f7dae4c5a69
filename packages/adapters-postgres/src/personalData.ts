import { isGiven, mentions } from "./mentions.ts"
import { messages, outbox } from "./personalDataOfEvents.ts"
import { segments } from "./personalDataOfSegments.ts"
import { standings } from "./personalDataOfStandings.ts"
import {
  actor,
  counts,
  each,
  herId,
  ids,
  kept,
  kinds,
  namedIn,
  overwritten,
  overwrittenText,
  personal,
  personalText,
  secret,
  type Table,
  times
} from "./personalDataRules.ts"

const ofCustomer = { hers: namedIn("customer_id") }

const identity: ReadonlyArray<Table> = [
  {
    name: "mail_queue",
    hers: `(t.customer_id = ${herId} OR t.customer_id IS NULL AND ${isGiven('lower(t.recipient COLLATE "C")')})`,
    nobodys: "t.customer_id IS NULL",
    rows: "go",
    columns: {
      ...each("id customer_id", ids),
      ...each("position attempts", counts),
      ...each("due_at created_at", times),
      kind: kinds,
      recipient: personalText,
      password_hash: secret
    }
  },
  {
    name: "verification_tokens",
    ...ofCustomer,
    rows: "go",
    columns: {
      ...each("digest password_hash", secret),
      purpose: kinds,
      customer_id: ids,
      target: personalText,
      ...each("issued_at expires_at", times)
    }
  },
  {
    name: "customer_credentials",
    ...ofCustomer,
    rows: "go",
    columns: {
      customer_id: ids,
      password_hash: secret,
      session_epoch: counts,
      ...each("contested created_at updated_at", personal)
    }
  },
  {
    name: "customer_audits",
    ...ofCustomer,
    rows: "stay",
    columns: {
      ...each("id customer_id", ids),
      customer_version: counts,
      ...each("action actor_kind", kinds),
      actor: actor("actor"),
      ...each("reason details correlation_id", overwrittenText("NULL")),
      recorded_at: times
    }
  },
  {
    name: "erasure_requests",
    ...ofCustomer,
    rows: "stay",
    columns: {
      customer_id: ids,
      state: kinds,
      ...each("due_at requested_at lease_until started_at finished_at", times),
      requested_by: actor("requested_by"),
      reason: overwrittenText("NULL"),
      needles: { ...secret, because: "keyed hashes, gone once the erasure is done" },
      legacy_id: kept("what the cache knows her by, gone once the erasure is done"),
      ...each("identifiers version", counts),
      ...each("erased receipt", kept("tells places and numbers of rows"))
    }
  }
]

const written: ReadonlyArray<Table> = [
  {
    name: "idempotency_keys",
    // Answers about segments are nobody's, unless she is mentioned in one.
    hers: `(t.customer_id = ${herId} OR t.customer_id IS NULL AND ${mentions("t.answer")})`,
    nobodys: "t.customer_id IS NULL",
    rows: "go",
    columns: {
      ...each("key fingerprint", secret),
      customer_id: ids,
      answer: personalText,
      expires_at: times
    }
  },
  {
    name: "consent_ledger",
    ...ofCustomer,
    rows: "go",
    columns: {
      ...each("id customer_id", ids),
      ...each("purpose channel state source recorded_at", personal),
      recorded_by: personalText
    }
  }
]

const ofTheShop: ReadonlyArray<Table> = [
  {
    name: "migration_id_mapping",
    hers: `t.new_id IN (SELECT ${herId} UNION ALL SELECT id FROM customer_addresses WHERE customer_id = ${herId})`,
    rows: "stay",
    columns: {
      ...each("id new_id", ids),
      entity_type: kinds,
      legacy_id: kept("keeps an import from bringing her back"),
      ...each("magento_website_id magento_store_id migration_batch", kept("says which import")),
      migrated_at: times
    }
  },
  {
    name: "rfm_quantiles",
    rows: "stay",
    columns: {
      is_current: kinds,
      computed_at: times,
      base_size: counts,
      ...each("recency frequency monetary", kept("bounds of everybody's figures, which name nobody"))
    }
  },
  {
    name: "schema_migrations",
    rows: "stay",
    columns: each("migration_id name created_at", kept("says which tables there are"))
  }
]

const person: ReadonlyArray<Table> = [
  {
    name: "customer_addresses",
    ...ofCustomer,
    rows: "go",
    columns: {
      ...each("id customer_id", ids),
      position: counts,
      ...each("legacy_id type city state_province postal_code country_code is_default is_verified", personal),
      ...each("first_name last_name company address_line_1 address_line_2 phone phone_e164", personalText),
      ...each("created_at updated_at", times)
    }
  },
  {
    name: "customer_profiles",
    ...ofCustomer,
    rows: "stay",
    columns: {
      ...each("id customer_id", ids),
      ...each("phone phone_e164", overwrittenText("NULL")),
      ...each("date_of_birth gender", overwritten("NULL")),
      phone_verified: overwritten("FALSE"),
      ...each("profile_data metadata", overwrittenText("'{}'::jsonb")),
      ...each("created_at updated_at", times)
    }
  },
  {
    name: "customer_preferences",
    ...ofCustomer,
    rows: "stay",
    columns: {
      ...each("id customer_id", ids),
      language: overwritten("'en'"),
      currency: overwritten("'USD'"),
      timezone: overwritten("'UTC'"),
      ...each("email_marketing sms_marketing push_notifications newsletter", overwritten("FALSE")),
      ...each("data_sharing analytics_tracking cookie_consent", overwritten("FALSE")),
      ...each("order_updates promotional_emails", overwritten("FALSE")),
      custom_preferences: overwrittenText("'{}'::jsonb"),
      ...each("created_at updated_at", times)
    }
  },
  {
    name: "customers",
    hers: namedIn("id"),
    rows: "stay",
    columns: {
      id: ids,
      email: overwrittenText("'erased-' || t.id || '@erased.invalid'"),
      ...each("legacy_id last_login_at", overwritten("NULL")),
      ...each("first_name last_name registration_source", overwrittenText("NULL")),
      email_verified: overwritten("FALSE"),
      ...each("customer_type status", kinds),
      version: counts,
      ...each("created_at updated_at deleted_at erased_at", times)
    }
  }
]

/**
 * Every table and column of the database, with what it holds of persons: the one registry that export, erasure and the
 * look for what is left go by. A test fails where a migration adds a column that is not declared here. The order is that
 * of erasing: what tells whose something is goes last.
 */
export const personalData: ReadonlyArray<Table> = [
  ...identity,
  ...written,
  ...outbox,
  ...messages,
  ...standings,
  ...segments,
  ...ofTheShop,
  ...person
]
