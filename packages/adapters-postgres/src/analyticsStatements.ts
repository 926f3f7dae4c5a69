import * as customerParts from "./customerParts.ts"

/** Quantiles of the row `q`, in the form that `AnalyticsRow.ts` reads. */
const quantiles = `json_build_object('computedAt', q.computed_at, 'baseSize', q.base_size, 'recency', q.recency,
  'frequency', q.frequency, 'monetary', q.monetary::text[])`

/** The quantiles as they were taken last; NULL where there are none. */
const lastQuantiles = `(SELECT ${quantiles} FROM rfm_quantiles q) AS quantiles`

const loginsAfter = (moment: string): string =>
  `(SELECT count(*)::int FROM customer_audits a WHERE a.customer_id = c.id AND a.action = 'logged_in'
    AND a.recorded_at > ${moment}::timestamptz AND a.recorded_at <= $4::timestamptz)`

/**
 * What analytics of the customer $1 are computed from: logins after $2 and after $3, until $4. One who was erased is not
 * there.
 */
export const analyticsFacts = `
SELECT ${customerParts.joined.select}, ${customerParts.standing},
  (SELECT coalesce(json_agg(json_build_array((extract(epoch FROM o.completed_at) * 1000)::bigint, o.total::text)
      ORDER BY o.completed_at, o.order_id), '[]'::json)
    FROM customer_orders o WHERE o.customer_id = c.id) AS orders,
  json_build_object('last30Days', ${loginsAfter("$2")}, 'last90Days', ${loginsAfter("$3")}) AS logins,
  (SELECT count(*)::int FROM customer_loyalty_events l WHERE l.customer_id = c.id) AS "loyaltyEvents",
  ${lastQuantiles}
FROM ${customerParts.joined.from} WHERE c.erased_at IS NULL AND c.id = $1`

// Whoever is erased is closed too. There are few closed accounts, and an index has them together.
const isOpen = "NOT EXISTS (SELECT FROM customers c WHERE c.id = m.customer_id AND c.status = 'inactive')"
const isInBase = "m.order_count > 0 AND m.last_order_at IS NOT NULL"

/** Removes the quantiles, but not those that were computed after $1. */
export const dropQuantiles = `DELETE FROM rfm_quantiles WHERE ($1::timestamptz IS NULL OR computed_at <= $1::timestamptz)`

/** Whether there are quantiles. */
export const hasQuantiles = `SELECT 1 AS present FROM rfm_quantiles`

const fifths = "ARRAY[0.2, 0.4, 0.6, 0.8]"

const boundsOf = (column: string): string => `percentile_disc(${fifths}) WITHIN GROUP (ORDER BY ${column})`

/** Takes the quantiles of the base at $1; nothing where nobody is in it. */
export const takeQuantiles = `
WITH taken AS (
  SELECT count(*)::int AS base_size, ${boundsOf("m.last_order_at")} AS recency,
    ${boundsOf("m.order_count")} AS frequency, ${boundsOf("m.total_spent")} AS monetary
  FROM customer_metrics m WHERE ${isOpen} AND ${isInBase}
), q AS (
  INSERT INTO rfm_quantiles (computed_at, base_size, recency, frequency, monetary)
  SELECT $1::timestamptz, base_size, recency, frequency, monetary FROM taken WHERE base_size > 0
  RETURNING *
)
SELECT ${quantiles} AS quantiles FROM q`

/** How many bounds a figure exceeds, given the least by which it can: `width_bucket` counts those that it reaches. */
const exceeded = (figure: string, least: string, bounds: string): string =>
  `width_bucket(${figure} - ${least}, (SELECT ${bounds} FROM rfm_quantiles))`

/** The three scores as one number: 545 for 5, 4 and 5. */
const score = `CASE WHEN ${isInBase} THEN 111
  + 100 * ${exceeded("m.last_order_at", "interval '1 millisecond'", "recency")}
  + 10 * ${exceeded("m.order_count", "1", "frequency")}
  + ${exceeded("m.total_spent", "0.0001", "monetary")} END`

// Without the empty half of the union the planner expects as many scores as there are amounts, and sorts everybody.
/** Counts open accounts: by tier, scores, and the newest $1 months of registration; and members by segment. */
export const overviewCounts = `
WITH figures AS MATERIALIZED (
  SELECT tier, score, count(*) AS count FROM (
    SELECT m.tier, ${score} AS score FROM customer_metrics m WHERE ${isOpen}
    UNION ALL SELECT NULL, NULL WHERE FALSE
  ) accounts GROUP BY tier, score
), tiers AS (
  SELECT tier, sum(count)::int AS count FROM figures GROUP BY tier
), scores AS (
  SELECT score / 100 AS recency, score / 10 % 10 AS frequency, score % 10 AS monetary, sum(count)::int AS count
  FROM figures WHERE score IS NOT NULL GROUP BY score
), months AS (
  SELECT date_trunc('month', created_at AT TIME ZONE 'UTC') AS month, count(*) AS count
  FROM customers WHERE status <> 'inactive' GROUP BY 1 ORDER BY 1 DESC LIMIT $1::int
), segments AS (
  SELECT s.name, coalesce(members.count, 0) AS count
  FROM customer_segments s LEFT JOIN (
    SELECT segment_id, count(*) AS count FROM customer_segment_memberships GROUP BY segment_id
  ) members ON members.segment_id = s.id
)
SELECT (SELECT coalesce(sum(count), 0)::int FROM figures) AS customers,
  (SELECT coalesce(json_agg(tiers), '[]'::json) FROM tiers) AS tiers,
  (SELECT coalesce(json_agg(scores), '[]'::json) FROM scores) AS scores,
  (SELECT coalesce(json_agg(json_build_object('month', to_char(month, 'YYYY-MM'), 'count', count)
    ORDER BY month DESC), '[]'::json) FROM months) AS months,
  (SELECT coalesce(json_agg(segments ORDER BY name COLLATE "C"), '[]'::json) FROM segments) AS segments,
  ${lastQuantiles}`
