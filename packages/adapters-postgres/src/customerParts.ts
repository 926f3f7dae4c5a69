/**
 * The parts of a customer as JSON columns, each in the customer's encoded form: here the columns of the
 * tables get the names that the domain's codec reads. Constant text without parameters.
 */
const columns = {
  root: `json_strip_nulls(json_build_object(
    'id', c.id, 'legacyId', c.legacy_id, 'email', c.email, 'customerType', c.customer_type, 'status', c.status,
    'emailVerified', c.email_verified, 'registrationSource', c.registration_source, 'version', c.version,
    'registrationDate', c.created_at, 'lastLoginAt', c.last_login_at, 'createdAt', c.created_at,
    'updatedAt', c.updated_at, 'deactivatedAt', c.deleted_at)) AS root,
    json_strip_nulls(json_build_object('firstName', c.first_name, 'lastName', c.last_name)) AS name`,

  profile: `p.phone_verified AS "phoneVerified", json_strip_nulls(json_build_object(
    'dateOfBirth', p.date_of_birth, 'gender', p.gender, 'phone', p.phone, 'avatar', p.profile_data->'avatar',
    'data', nullif(p.profile_data - 'avatar', '{}'::jsonb))) AS profile`,

  preferences: `json_build_object(
    'language', r.language, 'currency', r.currency, 'timezone', r.timezone,
    'marketing', json_build_object(
      'emailOptIn', r.email_marketing, 'smsOptIn', r.sms_marketing, 'pushOptIn', r.push_notifications),
    'notifications', json_build_object(
      'orderUpdates', r.order_updates, 'promotions', r.promotional_emails, 'newsletters', r.newsletter),
    'privacy', json_build_object(
      'dataSharing', r.data_sharing, 'analyticsTracking', r.analytics_tracking, 'cookieConsent', r.cookie_consent),
    'custom', r.custom_preferences) AS preferences`,

  segment: `json_build_object(
    'tier', m.tier, 'segment', m.segment, 'loyaltyPoints', m.loyalty_points, 'totalSpent', m.total_spent,
    'orderCount', m.order_count, 'averageOrderValue', m.average_order_value) AS segment`
}

/** What stands behind a standing, in the form that `StandingRow.ts` reads. */
export const standing = `json_strip_nulls(json_build_object(
    'lastOrderAt', m.last_order_at, 'premiumSince', m.premium_since, 'vipSince', m.vip_since,
    'highValueSince', m.high_value_since, 'tierOverride', m.tier_override, 'segmentOverride', m.segment_override,
    'reviewAt', m.review_at, 'updatedAt', m.updated_at)) AS record`

const addresses = (owner: string) => `(SELECT coalesce(json_strip_nulls(json_agg(json_build_object(
    'id', a.id, 'legacyId', a.legacy_id, 'type', a.type, 'isDefault', a.is_default, 'isVerified', a.is_verified,
    'firstName', a.first_name, 'lastName', a.last_name, 'company', a.company, 'street', a.address_line_1,
    'street2', a.address_line_2, 'city', a.city, 'state', a.state_province, 'zipCode', a.postal_code,
    'country', a.country_code, 'phone', a.phone, 'createdAt', a.created_at, 'updatedAt', a.updated_at)
    ORDER BY a.position)), '[]'::json)
  FROM customer_addresses a WHERE a.customer_id = ${owner}) AS addresses`

/** All parts in one row: the select list and the joined tables. */
export const joined = {
  select: `${columns.root}, ${columns.profile}, ${columns.preferences}, ${columns.segment}, ${addresses("c.id")}`,
  from: `customers c
    JOIN customer_profiles p ON p.customer_id = c.id
    JOIN customer_preferences r ON r.customer_id = c.id
    JOIN customer_metrics m ON m.customer_id = c.id`
}

/** The same columns part by part, each as a query of one parameter, the customer's id. */
export const oneByOne: ReadonlyArray<string> = [
  `SELECT ${columns.root} FROM customers c WHERE c.id = $1 AND c.erased_at IS NULL`,
  `SELECT ${columns.profile} FROM customer_profiles p WHERE p.customer_id = $1`,
  `SELECT ${columns.preferences} FROM customer_preferences r WHERE r.customer_id = $1`,
  `SELECT ${columns.segment} FROM customer_metrics m WHERE m.customer_id = $1`,
  `SELECT ${addresses("$1")}`
]
