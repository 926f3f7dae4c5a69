import * as customerParts from "./customerParts.ts"

/** Whom a message names by either id, as SQL; Magento's id of somebody who was erased leads to her by the mapping. */
const named = (message: string): string => `
  coalesce(${message}.customer_id,
    (SELECT id FROM customers WHERE legacy_id = ${message}.legacy_id),
    (SELECT new_id FROM migration_id_mapping WHERE entity_type = 'customer' AND legacy_id = ${message}.legacy_id))`

/**
 * Notes messages as processed whose customer is there, or was: $1 a JSON array of all that came, $2 now. Answers, in
 * their order, whose each is, whether it is new, and who has the order that it tells of.
 */
export const noteMessages = `
WITH input AS (
  SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS x(place int, event_id text, topic text, customer_id uuid,
    legacy_id bigint, order_id text, delivered boolean)
), resolved AS MATERIALIZED (
  SELECT input.*, c.id AS owner, c.erased_at IS NOT NULL AS is_erased
  FROM input LEFT JOIN customers c ON c.id = ${named("input")}
), noted AS (
  INSERT INTO processed_events (topic, event_id, processed_at)
  SELECT DISTINCT ON (topic COLLATE "C", event_id COLLATE "C") topic, event_id, $2::timestamptz FROM resolved
  WHERE delivered AND owner IS NOT NULL ORDER BY topic COLLATE "C", event_id COLLATE "C"
  ON CONFLICT (topic, event_id) DO NOTHING RETURNING topic, event_id
)
SELECT owner, is_erased AS "isErased",
  EXISTS (SELECT FROM noted n WHERE n.topic = r.topic AND n.event_id = r.event_id) AS "isNew",
  (SELECT TRUE FROM processed_events p WHERE p.topic = r.topic AND p.event_id = r.event_id) IS TRUE AS "isKnown",
  (SELECT o.customer_id FROM customer_orders o WHERE o.order_id = r.order_id) AS "ownerOfOrder"
FROM resolved r ORDER BY place`

// Whoever writes an order of somebody holds the row of hers: whose it is cannot change while that is held.
const orders = `told_orders AS (
  SELECT DISTINCT ON (order_id COLLATE "C") *,
    (SELECT o.customer_id FROM customer_orders o WHERE o.order_id = x.order_id) AS owner_before
  FROM jsonb_to_recordset($1::text::jsonb) AS x(order_id text, customer_id uuid, total numeric,
    completed_at timestamptz, occurred_at timestamptz, event_id text)
  ORDER BY order_id COLLATE "C", occurred_at DESC, event_id COLLATE "C" DESC
), kept_orders AS (
  INSERT INTO customer_orders AS o (order_id, customer_id, total, completed_at, occurred_at, event_id)
  SELECT order_id, customer_id, total, completed_at, occurred_at, event_id FROM told_orders
  ORDER BY order_id COLLATE "C"
  ON CONFLICT (order_id) DO UPDATE SET
    customer_id = excluded.customer_id, total = excluded.total, completed_at = excluded.completed_at,
    occurred_at = excluded.occurred_at, event_id = excluded.event_id
  WHERE (excluded.occurred_at, excluded.event_id) > (o.occurred_at, o.event_id)
    AND (SELECT owner_before = ANY($7::uuid[]) FROM told_orders t WHERE t.order_id = o.order_id)
  RETURNING order_id
)`

const points = `kept_points AS (
  INSERT INTO customer_loyalty_events (event_id, customer_id, points, balance, occurred_at)
  SELECT event_id, customer_id, points, balance, occurred_at
  FROM jsonb_to_recordset($2::text::jsonb) AS y(event_id text, customer_id uuid, points int, balance int,
    occurred_at timestamptz)
  ORDER BY event_id COLLATE "C"
  ON CONFLICT (event_id) DO NOTHING
  RETURNING customer_id, event_id
)`

const waiting = `unparked AS (
  DELETE FROM parked_events WHERE position = ANY(ARRAY(
    SELECT (SELECT p.position FROM parked_events p WHERE p.topic = u.topic AND p.event_id = u.event_id)
    FROM jsonb_to_recordset($3::text::jsonb) AS u(event_id text, topic text)))
), parked AS (
  INSERT INTO parked_events (event_id, topic, customer_id, legacy_id, message, received_at, until)
  SELECT event_id, topic, customer_id, legacy_id, message, $8::timestamptz, until
  FROM ROWS FROM (jsonb_to_recordset($4::text::jsonb) AS (event_id text, topic text, customer_id uuid,
    legacy_id bigint, message text, until timestamptz)) WITH ORDINALITY
    AS p(event_id, topic, customer_id, legacy_id, message, until, place)
  ORDER BY place
  ON CONFLICT (topic, event_id) DO NOTHING
)`

const givenUp = `revived AS (
  DELETE FROM dead_letters WHERE id = ANY(ARRAY(
    SELECT (SELECT d.id FROM dead_letters d WHERE d.topic = s.topic AND d.event_id = s.event_id)
    FROM jsonb_to_recordset($5::text::jsonb) AS s(event_id text, topic text)))
), died AS (
  INSERT INTO dead_letters (id, topic, event_id, reason, detail, customer_id, legacy_id, message, created_at)
  SELECT id, topic, event_id, reason, detail, customer_id, legacy_id, message, $8::timestamptz
  FROM jsonb_to_recordset($6::text::jsonb) AS d(id uuid, topic text, event_id text, reason text, detail text,
    customer_id uuid, legacy_id bigint, message text)
  ORDER BY topic COLLATE "C", event_id COLLATE "C"
  ON CONFLICT (topic, event_id) DO NOTHING
  RETURNING id
)`

/**
 * Keeps what messages tell, in one statement: $1 orders, $2 points, $3 those that wait no longer, $4 those
 * that wait, $5 those that are dead no longer, $6 those that are given up, $7 the ids of the customers whose rows are
 * locked, $8 now; lists of rows are JSON arrays. Answers whose figures change by which message, whether an order is to
 * be taken from somebody whose row is not locked, and which dead letters are new.
 */
export const keepMessages = `
WITH ${[orders, points, waiting, givenUp].join(", ")}
SELECT
  (SELECT coalesce(json_agg(json_build_object('id', customer_id, 'eventId', event_id)), '[]') FROM (
    SELECT t.customer_id, t.event_id FROM told_orders t JOIN kept_orders USING (order_id)
    UNION SELECT t.owner_before, t.event_id FROM told_orders t JOIN kept_orders USING (order_id)
      WHERE t.owner_before IS NOT NULL
    UNION SELECT customer_id, event_id FROM kept_points) changed) AS changed,
  EXISTS (SELECT FROM told_orders t WHERE NOT EXISTS (SELECT FROM kept_orders k WHERE k.order_id = t.order_id)
    AND (t.owner_before = ANY($7::uuid[])) IS NOT TRUE) AS "isContested",
  ARRAY(SELECT id FROM died) AS died`

/** Messages whose customer is there, or was, and those whose time is over by $1: the first $2, as they came. */
export const dueParked = `
SELECT topic, event_id AS "eventId", message, "isOver" FROM (
  SELECT position, bool_and(is_over) AS "isOver" FROM (
    SELECT position, FALSE AS is_over FROM parked_events JOIN customers ON customers.id = customer_id
    UNION ALL SELECT position, FALSE FROM parked_events JOIN customers USING (legacy_id)
    UNION ALL SELECT position, FALSE FROM parked_events JOIN migration_id_mapping USING (legacy_id)
      WHERE entity_type = 'customer'
    UNION ALL SELECT position, TRUE FROM parked_events WHERE until <= $1::timestamptz
  ) found GROUP BY position ORDER BY position LIMIT $2::int
) due JOIN parked_events USING (position) ORDER BY position`

/**
 * What the orders of a customer `c` come to where `wanted.changed`, as `figuresOf` in core has it: $2 premium from,
 * $3 VIP from, $4 high value from.
 */
export const ordered = `LEFT JOIN LATERAL (
  SELECT coalesce(sum(total), 0)::text AS total_spent, count(*) AS order_count, max(completed_at) AS last_order_at,
    min(completed_at) FILTER (WHERE spent >= $2::text::numeric) AS premium_since,
    min(completed_at) FILTER (WHERE spent >= $3::text::numeric) AS vip_since,
    min(completed_at) FILTER (WHERE spent >= $4::text::numeric * place) AS high_value_since
  FROM (
    SELECT total, completed_at, sum(total) OVER so_far AS spent, count(*) OVER so_far AS place
    FROM customer_orders o WHERE o.customer_id = c.id AND wanted.changed
    WINDOW so_far AS (ORDER BY completed_at, order_id ROWS UNBOUNDED PRECEDING)
  ) in_order
) ordered ON TRUE`

const figures = `${ordered} LEFT JOIN LATERAL (
  SELECT balance, occurred_at, event_id FROM customer_loyalty_events l
  WHERE l.customer_id = c.id AND wanted.changed AND balance IS NOT NULL
  ORDER BY occurred_at DESC, event_id DESC LIMIT 1
) newest ON TRUE LEFT JOIN LATERAL (
  SELECT greatest(0, coalesce(newest.balance, 0) + coalesce(sum(points), 0)) AS loyalty_points
  FROM customer_loyalty_events l
  WHERE l.customer_id = c.id AND wanted.changed
    AND (newest.event_id IS NULL OR (l.occurred_at, l.event_id) > (newest.occurred_at, newest.event_id))
) earned ON TRUE`

/**
 * Customers with what stands behind their standing: $1 a JSON array of their ids, each with whether her figures change
 * and are to be computed.
 */
export const restated = `
SELECT ${customerParts.joined.select}, ${customerParts.standing},
  CASE WHEN wanted.changed THEN json_strip_nulls(json_build_object(
    'totalSpent', ordered.total_spent, 'orderCount', ordered.order_count, 'loyaltyPoints', earned.loyalty_points,
    'lastOrderAt', ordered.last_order_at, 'premiumSince', ordered.premium_since, 'vipSince', ordered.vip_since,
    'highValueSince', ordered.high_value_since)) END AS figures
FROM jsonb_to_recordset($1::text::jsonb) AS wanted(id uuid, changed boolean)
  JOIN (${customerParts.joined.from}) ON c.id = wanted.id ${figures}
WHERE c.erased_at IS NULL`
