import { markColumns, markReviews } from "./reviewMarks.ts"

/**
 * Writes customers, with what belongs to the same change, in one statement: $1 customers, $2 consent ledger
 * lines, $3 outbox events, $4 idempotency keys, $5 audit lines, each a JSON array. A customer that is there already is
 * replaced if her version is still `versionBefore`, and her session epoch `sessionEpoch` where that is given; otherwise
 * somebody else wrote meanwhile, and nothing of this change is written. The standing of one that is there stays: see
 * `saveStandings.ts`. Without customers the rest is written: see to it that they stay as they are. Answers how many
 * customers were written, and who of them were marked for a review.
 */
export const saveCustomers = `
WITH input AS (
  SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS x(
    id uuid, "legacyId" bigint, email text, "customerType" text, status text, "emailVerified" boolean,
    "phoneVerified" boolean, "registrationSource" text, version int, profile jsonb, preferences jsonb,
    "lastLoginAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz, "deactivatedAt" timestamptz,
    "phoneE164" text, "passwordHash" text, "versionBefore" int, "sessionEpoch" int, standing jsonb, ${markColumns})
), customer AS (
  INSERT INTO customers (id, legacy_id, email, first_name, last_name, customer_type, status, email_verified,
    registration_source, version, last_login_at, created_at, updated_at, deleted_at)
  SELECT id, "legacyId", email, profile->>'firstName', profile->>'lastName', "customerType", status, "emailVerified",
    "registrationSource", version, "lastLoginAt", "createdAt", "updatedAt", "deactivatedAt" FROM input
  ON CONFLICT (id) DO UPDATE SET
    email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
    customer_type = excluded.customer_type, status = excluded.status, email_verified = excluded.email_verified,
    version = excluded.version, last_login_at = excluded.last_login_at, updated_at = excluded.updated_at,
    deleted_at = excluded.deleted_at
  WHERE customers.version = (SELECT "versionBefore" FROM input WHERE input.id = excluded.id)
    AND NOT EXISTS (SELECT FROM input LEFT JOIN customer_credentials ON customer_id = input.id
      WHERE input.id = excluded.id AND input."sessionEpoch" <> coalesce(session_epoch, 0))
  RETURNING id
), written AS (
  SELECT input.* FROM input JOIN customer USING (id)
), profile AS (
  INSERT INTO customer_profiles (customer_id, phone, phone_e164, date_of_birth, gender, phone_verified, profile_data,
    created_at, updated_at)
  SELECT id, profile->>'phone', "phoneE164", (profile->>'dateOfBirth')::date, profile->>'gender', "phoneVerified",
    coalesce(profile->'data', '{}') || CASE WHEN profile ? 'avatar'
      THEN jsonb_build_object('avatar', profile->'avatar') ELSE '{}' END,
    "createdAt", "updatedAt" FROM written
  ON CONFLICT (customer_id) DO UPDATE SET
    phone_e164 = CASE WHEN customer_profiles.phone IS NOT DISTINCT FROM excluded.phone
      THEN customer_profiles.phone_e164 ELSE excluded.phone_e164 END,
    phone = excluded.phone, date_of_birth = excluded.date_of_birth,
    gender = excluded.gender, phone_verified = excluded.phone_verified, profile_data = excluded.profile_data,
    updated_at = excluded.updated_at
), preferences AS (
  INSERT INTO customer_preferences (customer_id, language, currency, timezone, email_marketing, sms_marketing,
    push_notifications, newsletter, data_sharing, analytics_tracking, cookie_consent, order_updates,
    promotional_emails, custom_preferences, created_at, updated_at)
  SELECT id, preferences->>'language', preferences->>'currency', preferences->>'timezone',
    (preferences#>>'{marketing,emailOptIn}')::boolean, (preferences#>>'{marketing,smsOptIn}')::boolean,
    (preferences#>>'{marketing,pushOptIn}')::boolean, (preferences#>>'{notifications,newsletters}')::boolean,
    (preferences#>>'{privacy,dataSharing}')::boolean, (preferences#>>'{privacy,analyticsTracking}')::boolean,
    (preferences#>>'{privacy,cookieConsent}')::boolean, (preferences#>>'{notifications,orderUpdates}')::boolean,
    (preferences#>>'{notifications,promotions}')::boolean, preferences->'custom', "createdAt", "updatedAt" FROM written
  ON CONFLICT (customer_id) DO UPDATE SET
    language = excluded.language, currency = excluded.currency, timezone = excluded.timezone,
    email_marketing = excluded.email_marketing, sms_marketing = excluded.sms_marketing,
    push_notifications = excluded.push_notifications, newsletter = excluded.newsletter,
    data_sharing = excluded.data_sharing, analytics_tracking = excluded.analytics_tracking,
    cookie_consent = excluded.cookie_consent, order_updates = excluded.order_updates,
    promotional_emails = excluded.promotional_emails, custom_preferences = excluded.custom_preferences,
    updated_at = excluded.updated_at
), metrics AS (
  INSERT INTO customer_metrics (customer_id, tier, segment, loyalty_points, total_spent, order_count,
    average_order_value, last_order_at, premium_since, vip_since, high_value_since, tier_override, segment_override,
    review_at, updated_at)
  SELECT written.id, s.tier, s.segment, "loyaltyPoints", "totalSpent", "orderCount", "averageOrderValue",
    "lastOrderAt", "premiumSince", "vipSince", "highValueSince", "tierOverride", "segmentOverride", "reviewAt",
    "standingAt"
  FROM written CROSS JOIN LATERAL jsonb_to_record(standing) AS s(tier text, segment text, "loyaltyPoints" bigint,
    "totalSpent" numeric, "orderCount" int, "averageOrderValue" numeric, "lastOrderAt" timestamptz,
    "premiumSince" timestamptz, "vipSince" timestamptz, "highValueSince" timestamptz, "tierOverride" jsonb,
    "segmentOverride" jsonb, "reviewAt" timestamptz, "standingAt" timestamptz)
  WHERE standing IS NOT NULL
  ON CONFLICT (customer_id) DO NOTHING
), mark AS (${markReviews('SELECT id, "updatedAt" AS due_at, fields, before, "correlationId" FROM written')}
), credential AS (
  INSERT INTO customer_credentials (customer_id, password_hash, created_at, updated_at)
  SELECT id, "passwordHash", "updatedAt", "updatedAt" FROM written WHERE "passwordHash" IS NOT NULL
  ON CONFLICT (customer_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at
), consent AS (
  INSERT INTO consent_ledger (customer_id, purpose, channel, state, source, recorded_by, recorded_at)
  SELECT "customerId", purpose, channel, CASE WHEN granted THEN 'granted' ELSE 'withdrawn' END, source, "by", "at"
  FROM ROWS FROM (jsonb_to_recordset($2::text::jsonb) AS ("customerId" uuid, purpose text, channel text,
    granted boolean, source text, "by" text, "at" timestamptz)) WITH ORDINALITY
    AS y("customerId", purpose, channel, granted, source, "by", "at", place)
  WHERE "customerId" IN (SELECT id FROM customer) OR NOT EXISTS (SELECT FROM input) ORDER BY place
), event AS (
  INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope, actor_kind, actor)
  SELECT (envelope->>'eventId')::uuid, "customerId", "customerVersion", topic, envelope, "actorKind", actor
  FROM ROWS FROM (jsonb_to_recordset($3::text::jsonb) AS ("customerId" uuid, "customerVersion" int, topic text,
    envelope jsonb, "actorKind" text, actor text)) WITH ORDINALITY
    AS z("customerId", "customerVersion", topic, envelope, "actorKind", actor, place)
  WHERE "customerId" IN (SELECT id FROM customer) OR NOT EXISTS (SELECT FROM input) ORDER BY place
), audit AS (
  INSERT INTO customer_audits (customer_id, customer_version, action, actor_kind, actor, reason, details,
    correlation_id, recorded_at)
  SELECT "customerId", version, action, "actorKind", actor, reason, membership, "correlationId", "at"
  FROM ROWS FROM (jsonb_to_recordset($5::text::jsonb) AS ("customerId" uuid, version int, action text,
    "actorKind" text, actor text, reason text, membership jsonb, "correlationId" text, "at" timestamptz)) WITH ORDINALITY
    AS a("customerId", version, action, "actorKind", actor, reason, membership, "correlationId", "at", place)
  WHERE "customerId" IN (SELECT id FROM customer) OR NOT EXISTS (SELECT FROM input) ORDER BY place
), key AS (
  INSERT INTO idempotency_keys (key, fingerprint, customer_id, answer, expires_at)
  SELECT key, fingerprint, "customerId", answer, "expiresAt"
  FROM jsonb_to_recordset($4::text::jsonb) AS k(key text, fingerprint text, "customerId" uuid, answer text,
    "expiresAt" timestamptz)
  WHERE "customerId" IN (SELECT id FROM customer) OR NOT EXISTS (SELECT FROM input)
)
SELECT count(*)::int AS saved, ARRAY(SELECT customer_id FROM mark) AS marked FROM customer`

/**
 * Takes addresses out ($2, ids that stay) and takes the flag from those about to change ($3, ids), so that no
 * moment of the next statement sees two defaults of one kind. $1 is the customer's id.
 */
export const makeRoom = `
WITH removed AS (
  DELETE FROM customer_addresses WHERE customer_id = $1 AND id <> ALL($2::uuid[])
)
UPDATE customer_addresses SET is_default = false
WHERE customer_id = $1 AND is_default AND id = ANY($3::uuid[])`

/** Writes addresses: $1 a JSON array of them. One that is there already is replaced, if it is this customer's. */
export const saveAddresses = `
INSERT INTO customer_addresses (id, legacy_id, customer_id, type, first_name, last_name, company, address_line_1,
  address_line_2, city, state_province, postal_code, country_code, phone, phone_e164, is_default, is_verified,
  created_at, updated_at)
SELECT id, "legacyId", "customerId", type, "firstName", "lastName", company, street, street2, city, state, "zipCode",
  country, phone, "phoneE164", "isDefault", "isVerified", "createdAt", "updatedAt"
FROM jsonb_to_recordset($1::text::jsonb) AS x(id uuid, "legacyId" bigint, "customerId" uuid, type text,
  "firstName" text, "lastName" text, company text, street text, street2 text, city text, state text, "zipCode" text,
  country text, phone text, "phoneE164" text, "isDefault" boolean, "isVerified" boolean, "createdAt" timestamptz,
  "updatedAt" timestamptz)
ON CONFLICT (id) DO UPDATE SET
  type = excluded.type, first_name = excluded.first_name, last_name = excluded.last_name, company = excluded.company,
  address_line_1 = excluded.address_line_1, address_line_2 = excluded.address_line_2, city = excluded.city,
  state_province = excluded.state_province, postal_code = excluded.postal_code, country_code = excluded.country_code,
  phone = excluded.phone, phone_e164 = excluded.phone_e164, is_default = excluded.is_default,
  is_verified = excluded.is_verified, updated_at = excluded.updated_at
WHERE customer_addresses.customer_id = excluded.customer_id`
