const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const addresses = `(SELECT coalesce(json_strip_nulls(json_agg(json_build_object(
  'id', a.id, 'legacyId', a.legacy_id, 'type', a.type, 'isDefault', a.is_default, 'isVerified', a.is_verified,
  'firstName', a.first_name, 'lastName', a.last_name, 'company', a.company, 'street2', a.address_line_2,
  'state', a.state_province, 'zipCode', a.postal_code, 'phone', a.phone, 'street', a.address_line_1, 'city', a.city,
  'country', a.country_code, 'createdAt', ${instant("a.created_at")}, 'updatedAt', ${instant("a.updated_at")})
  ORDER BY a.created_at, a.id)), '[]'::json) FROM customer_addresses a WHERE a.customer_id = c.id)`

/** A customer as the JSON that is sent, and her addresses as JSON: the database renders, this process only passes on. */
export const readCustomer = `SELECT c.version, json_strip_nulls(json_build_object(
  'id', c.id, 'legacyId', c.legacy_id, 'email', c.email, 'customerType', c.customer_type, 'status', c.status,
  'emailVerified', c.email_verified, 'phoneVerified', p.phone_verified, 'registrationSource', c.registration_source,
  'profile', json_build_object(
    'firstName', c.first_name, 'lastName', c.last_name, 'dateOfBirth', p.date_of_birth, 'gender', p.gender,
    'phone', p.phone, 'avatar', p.profile_data->'avatar', 'data', nullif(p.profile_data - 'avatar', '{}'::jsonb)),
  'segment', json_build_object(
    'tier', m.tier, 'segment', m.segment, 'loyaltyPoints', m.loyalty_points,
    'totalSpent', trim_scale(round(m.total_spent, 2)), 'orderCount', m.order_count,
    'averageOrderValue', trim_scale(round(m.average_order_value, 2))),
  'preferences', json_build_object(
    'language', r.language, 'currency', r.currency, 'timezone', r.timezone,
    'marketing', json_build_object(
      'emailOptIn', r.email_marketing, 'smsOptIn', r.sms_marketing, 'pushOptIn', r.push_notifications),
    'notifications', json_build_object(
      'orderUpdates', r.order_updates, 'promotions', r.promotional_emails, 'newsletters', r.newsletter),
    'privacy', json_build_object(
      'dataSharing', r.data_sharing, 'analyticsTracking', r.analytics_tracking, 'cookieConsent', r.cookie_consent),
    'custom', r.custom_preferences),
  'registrationDate', ${instant("c.created_at")}, 'lastLoginAt', ${instant("c.last_login_at")},
  'createdAt', ${instant("c.created_at")}, 'updatedAt', ${instant("c.updated_at")},
  'deactivatedAt', ${instant("c.deleted_at")}, 'version', c.version))::text AS document,
  ${addresses}::text AS addresses
FROM customers c
  JOIN customer_profiles p ON p.customer_id = c.id
  JOIN customer_preferences r ON r.customer_id = c.id
  JOIN customer_metrics m ON m.customer_id = c.id
WHERE c.id = $1`

export const lockCustomer = `SELECT 1 FROM customers WHERE id = $1 FOR UPDATE`

const ledgerAndEvent = (ledger: string, event: string) => `ledger AS (
  INSERT INTO consent_ledger (customer_id, purpose, channel, state, source, recorded_by, recorded_at)
  SELECT d.id, l.purpose, l.channel, l.state, l.source, l.recorded_by, d.updated_at
  FROM d, jsonb_to_recordset(${ledger}::jsonb) AS l(purpose text, channel text, state text, source text, recorded_by text)
)
INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope)
SELECT (e->>'eventId')::uuid, d.id, d.version, d.topic, e FROM d, (SELECT ${event}::jsonb AS e) AS events`

// Written from the document that is sent and cached, so that it is made into text once.
const input = (topic: string) => `WITH d AS (
  SELECT doc, (doc->>'id')::uuid AS id, (doc->>'version')::int AS version, (doc->>'updatedAt')::timestamptz AS updated_at,
    doc->'profile' AS profile, doc->'preferences' AS preferences, '${topic}' AS topic,
    coalesce(doc#>'{profile,data}', '{}') || CASE WHEN doc->'profile' ? 'avatar'
      THEN jsonb_build_object('avatar', doc#>'{profile,avatar}') ELSE '{}' END AS profile_data
  FROM (SELECT $1::jsonb AS doc) AS given
)`

const flag = (path: string) => `(preferences#>>'{${path}}')::boolean`

const preferenceColumns = {
  language: "preferences->>'language'",
  currency: "preferences->>'currency'",
  timezone: "preferences->>'timezone'",
  email_marketing: flag("marketing,emailOptIn"),
  sms_marketing: flag("marketing,smsOptIn"),
  push_notifications: flag("marketing,pushOptIn"),
  newsletter: flag("notifications,newsletters"),
  data_sharing: flag("privacy,dataSharing"),
  analytics_tracking: flag("privacy,analyticsTracking"),
  cookie_consent: flag("privacy,cookieConsent"),
  order_updates: flag("notifications,orderUpdates"),
  promotional_emails: flag("notifications,promotions"),
  custom_preferences: "preferences->'custom'"
}

const assignments = Object.entries(preferenceColumns).map(([column, value]) => `${column} = ${value}`)

/** $1 the new document, $2 ledger lines, $3 the event's envelope, $4 whether the phone changed, $5 its E.164 form. */
export const updateCustomer = `${input("customers.profile.updated")}, customer AS (
  UPDATE customers c SET first_name = profile->>'firstName', last_name = profile->>'lastName', version = d.version,
    updated_at = d.updated_at FROM d WHERE c.id = d.id
), person AS (
  UPDATE customer_profiles p SET phone = profile->>'phone', phone_e164 = CASE WHEN $4 THEN $5 ELSE phone_e164 END,
    date_of_birth = (profile->>'dateOfBirth')::date, gender = profile->>'gender',
    phone_verified = (doc->>'phoneVerified')::boolean, profile_data = d.profile_data, updated_at = d.updated_at
  FROM d WHERE p.customer_id = d.id
), wishes AS (
  UPDATE customer_preferences r SET ${assignments.join(", ")}, updated_at = d.updated_at FROM d WHERE r.customer_id = d.id
), ${ledgerAndEvent("$2", "$3")}`

/** $1 the new document, $2 ledger lines, $3 the event's envelope, $4 the password's hash or null, $5 the phone in E.164. */
export const insertCustomer = `${input("customers.customer.created")}, customer AS (
  INSERT INTO customers (id, email, first_name, last_name, customer_type, status, email_verified, registration_source,
    version, created_at, updated_at)
  SELECT id, doc->>'email', profile->>'firstName', profile->>'lastName', doc->>'customerType', doc->>'status', false,
    doc->>'registrationSource', version, updated_at, updated_at FROM d
), person AS (
  INSERT INTO customer_profiles (customer_id, phone, phone_e164, date_of_birth, gender, profile_data, created_at,
    updated_at)
  SELECT id, profile->>'phone', $5, (profile->>'dateOfBirth')::date, profile->>'gender', profile_data, updated_at,
    updated_at FROM d
), wishes AS (
  INSERT INTO customer_preferences (customer_id, ${Object.keys(preferenceColumns).join(", ")}, created_at, updated_at)
  SELECT id, ${Object.values(preferenceColumns).join(", ")}, updated_at, updated_at FROM d
), metrics AS (
  INSERT INTO customer_metrics (customer_id, updated_at) SELECT id, updated_at FROM d
), credential AS (
  INSERT INTO customer_credentials (customer_id, password_hash, created_at, updated_at)
  SELECT id, $4::text, updated_at, updated_at FROM d WHERE $4::text IS NOT NULL
), ${ledgerAndEvent("$2", "$3")}`
