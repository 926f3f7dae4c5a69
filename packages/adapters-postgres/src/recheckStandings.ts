import type { StandingPolicy } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { byIndexAlone } from "./byIndexAlone.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { ordered } from "./inboxStatements.ts"
import { thresholds } from "./StandingRow.ts"
import { lockCustomers, wantedTier } from "./standingStatements.ts"

// The parameters of both statements: $2 premium from, $3 VIP from, $4 high value from, $5 days as a newcomer, $6 now.

const newUntil = `c.created_at + $5::int * interval '1 day'`

/** The label that fits, as `labelOf` in core has it, or a colleague's. */
const wantedLabel = `coalesce(m.segment_override->>'value', CASE
  WHEN ${wantedTier} = 'vip' THEN 'vip'
  WHEN m.order_count > 0 AND m.total_spent >= $4::text::numeric * m.order_count THEN 'high_value'
  WHEN c.customer_type = 'business' THEN 'wholesale'
  WHEN $6::timestamptz < ${newUntil} THEN 'new_customer' ELSE 'regular' END)`

// Whoever has no orders keeps her dates: her figures may have come from elsewhere.
const isMoved = `(m.tier <> ${wantedTier} OR m.segment <> ${wantedLabel} OR ordered.order_count > 0 AND
  (m.premium_since, m.vip_since, m.high_value_since) IS DISTINCT FROM
  (ordered.premium_since, ordered.vip_since, ordered.high_value_since))`

/** When a newcomer is to be looked at. */
const newcomersReview = `least(${newUntil}, (m.tier_override->>'expiresAt')::timestamptz)`

const isMistimed = `(m.segment = 'new_customer' AND m.segment_override IS NULL AND
  (m.review_at > $6::timestamptz) IS NOT FALSE AND m.review_at IS DISTINCT FROM ${newcomersReview})`

// The OFFSET has each of them looked up by her id, also by a plan from when the table was small.
/** Those of some customers, a query of their `id`, who are not where they belong, with what is to stand there. */
const outdated = (some: string): string => `
SELECT c.id, ordered.order_count > 0 AS has_orders, ordered.premium_since, ordered.vip_since, ordered.high_value_since,
  CASE WHEN ${isMoved} THEN $6::timestamptz ELSE ${newcomersReview} END AS review_at
FROM (SELECT id, TRUE AS changed FROM (${some}) AS those) wanted
  CROSS JOIN LATERAL (SELECT * FROM customers WHERE id = wanted.id OFFSET 0) c
  JOIN customer_metrics m ON m.customer_id = c.id ${ordered}
WHERE c.erased_at IS NULL AND (${isMoved} OR ${isMistimed})`

/** Which of the first $7 customers after the id $1 are out of date, and the last of these customers. */
const nextOutdated = `
WITH page AS MATERIALIZED (SELECT id FROM customers WHERE id > $1::uuid ORDER BY id LIMIT $7::int)
SELECT (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last,
  ARRAY(SELECT id FROM (${outdated("SELECT id FROM page")}) found ORDER BY id) AS ids`

/** Brings customers up to date, but for tier and label, which are looked at now: $1 a JSON array of ids. Answers whom. */
const bringUpToDate = `
WITH found AS MATERIALIZED (${outdated("SELECT due::uuid AS id FROM jsonb_array_elements_text($1::text::jsonb) AS due")})
UPDATE customer_metrics m SET
  premium_since = CASE WHEN has_orders THEN found.premium_since ELSE m.premium_since END,
  vip_since = CASE WHEN has_orders THEN found.vip_since ELSE m.vip_since END,
  high_value_since = CASE WHEN has_orders THEN found.high_value_since ELSE m.high_value_since END,
  review_at = found.review_at
FROM found WHERE m.customer_id = found.id RETURNING m.customer_id AS id`

/** So many customers are gone through in one transaction: short ones hold up nobody. */
const together = 1000

/** No customer's id is as low. */
const lowest = "00000000-0000-0000-0000-000000000000"

interface Page {
  readonly last: string | null
  readonly ids: ReadonlyArray<string>
}

// Her orders are summed up while her row is locked: one that comes meanwhile waits, and writes its own dates after.
const recheckSome = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  rules: ReadonlyArray<number | string | Date>,
  after: string
) {
  yield* sql.unsafe(byIndexAlone)
  const [page] = yield* sql.unsafe<Page>(nextOutdated, [after, ...rules, together])
  if (page === undefined || page.ids.length === 0) return { last: page?.last, count: 0 }
  const ids = JSON.stringify(page.ids)
  yield* sql.unsafe(lockCustomers, [ids])
  const updated = yield* sql.unsafe(bringUpToDate, [ids, ...rules])
  return { last: page.last, count: updated.length }
})

/** Goes through all customers, and brings up to date whoever is not where these thresholds put her; answers how many. */
export const recheckStandings = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, policy: StandingPolicy) {
  const now = DateTime.toDateUtc(yield* DateTime.now)
  const rules = [...thresholds(policy), policy.newCustomerDays, now]
  let [count, after] = [0, lowest]
  while (true) {
    const some = yield* outOfDeadlock(sql.withTransaction(recheckSome(sql, rules, after)))
    count += some.count
    if (some.last === null || some.last === undefined) return count
    after = some.last
  }
})
