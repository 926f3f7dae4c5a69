import { customersCreated, firstNames, id, lastNames } from "../seed.ts"

/** Spreads the numbers of customers over [0, 1), each prime another way: same customers, same figures in every run. */
const share = (prime: number): string => `(n::bigint * ${prime} % 1000003 / 1000003.0)`

/** One customer a 90 s, back from now: rules that go by days find as many in every run. */
const createdAt = "(date_trunc('hour', now()) - n * interval '90 seconds')"

const profiles = `
  INSERT INTO customer_profiles (customer_id, phone, phone_e164, date_of_birth, gender, profile_data, created_at,
    updated_at)
  SELECT ${id}, CASE WHEN n % 5 > 0 THEN '+1-202-555-' || lpad((100 + n % 100)::text, 4, '0') END,
    CASE WHEN n % 5 > 0 THEN '+1202555' || lpad((100 + n % 100)::text, 4, '0') END,
    CASE WHEN n % 8 > 0 THEN date '1950-01-01' + (n::bigint * 7919 % 20000)::int END,
    (ARRAY['female','male','other','prefer_not_to_say'])[1 + n % 4],
    jsonb_build_object('loyaltyCard', 'LC' || n, 'shoeSize', 36 + n % 12,
      'club', (ARRAY['none','silver','gold'])[1 + (n / 12 % 20 > 10)::int + (n / 12 % 20 > 17)::int]),
    ${createdAt}, ${createdAt}
  FROM generate_series($1::int, $2::int) AS n`

const preferences = `
  INSERT INTO customer_preferences (customer_id, language, currency, timezone, email_marketing, sms_marketing,
    push_notifications, newsletter, custom_preferences, created_at, updated_at)
  SELECT ${id}, (ARRAY['en','en','de','fr'])[1 + n % 4], (ARRAY['USD','EUR'])[1 + n % 2],
    (ARRAY['America/New_York','Europe/Berlin'])[1 + n % 2], n % 3 > 0, n % 7 = 0, n % 2 = 0, n % 11 > 4,
    jsonb_build_object('theme', (ARRAY['dark','light'])[1 + n / 3 % 2]), ${createdAt}, ${createdAt}
  FROM generate_series($1::int, $2::int) AS n`

/** Three of five have ordered, five times each on the average of them; one in forty orders for much. */
const metrics = `
  INSERT INTO customer_metrics (customer_id, tier, segment, loyalty_points, total_spent, order_count,
    average_order_value, last_order_at, updated_at)
  SELECT id, tier, CASE WHEN tier = 'vip' THEN 'vip' WHEN orders > 0 AND average >= 200 THEN 'high_value'
      WHEN n % 20 = 0 THEN 'wholesale' WHEN created_at > now() - interval '30 days' THEN 'new_customer'
      ELSE 'regular' END,
    (orders * average / 10)::bigint, orders * average, orders, CASE WHEN orders > 0 THEN average ELSE 0 END,
    CASE WHEN orders > 0 THEN greatest(created_at, now() - ${share(104_729)} * interval '400 days') END, created_at
  FROM (
    SELECT *, CASE WHEN orders * average >= 10000 THEN 'vip' WHEN orders * average >= 1000 THEN 'premium'
      ELSE 'regular' END AS tier
    FROM (
      SELECT n, ${id} AS id, ${createdAt} AS created_at,
        CASE WHEN n % 5 < 2 THEN 0 ELSE ceil(-5 * ln(1 - ${share(7919)})) END::int AS orders,
        round((20 + ${share(15_485_863)} * 160 * CASE WHEN n % 40 = 7 THEN 20 ELSE 1 END)::numeric, 2) AS average
      FROM generate_series($1::int, $2::int) AS n
    ) ordered
  ) told`

/** None to three addresses each: a shipping default, a billing default, and one more to ship to. */
const addresses = `
  INSERT INTO customer_addresses (customer_id, type, first_name, last_name, address_line_1, city, postal_code,
    country_code, is_default, created_at, updated_at)
  SELECT ${id}, CASE WHEN place = 2 THEN 'billing' ELSE 'shipping' END, ${firstNames}[1 + n % 10],
    ${lastNames}[1 + n / 10 % 12], n || ' Main Street',
    (ARRAY['Springfield','London','Berlin','Paris','Wien','Toronto'])[1 + n / 4 % 6], '10001',
    (ARRAY['US','US','US','US','GB','DE','DE','FR','AT','CA'])[1 + (n / 7 + place) % 10], place < 3,
    ${createdAt} + place * interval '1 second', ${createdAt} + place * interval '1 second'
  FROM generate_series($1::int, $2::int) AS n, generate_series(1, n % 4) AS place`

/** Customers who live in several countries, order much and little, and agree to some things: there is something to ask. */
export const population: ReadonlyArray<string> = [
  customersCreated(createdAt),
  profiles,
  preferences,
  metrics,
  addresses
]
