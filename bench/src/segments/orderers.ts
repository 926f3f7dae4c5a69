import { withClient } from "../database.ts"
import { ordersToCross } from "./rules.ts"

/** One order short of the segment, and active; every one of a kind, from all over the table. */
const chosen = `
SELECT m.customer_id AS id, m.order_count, m.total_spent, m.loyalty_points, m.last_order_at
FROM customer_metrics m JOIN customers c ON c.id = m.customer_id
WHERE m.order_count = ${ordersToCross - 1} AND c.status = 'active' ORDER BY md5(m.customer_id::text) LIMIT $1`

// Figures are summed up anew with every order: what they were made of has to be there.
const withOrders = `
WITH chosen AS MATERIALIZED (${chosen}
), orders AS (
  INSERT INTO customer_orders (order_id, customer_id, total, completed_at, occurred_at, event_id)
  SELECT id || '-' || place, id, round(total_spent / order_count, 4), last_order_at - (order_count - place) * interval '9 days',
    last_order_at, id || '-' || place
  FROM chosen, generate_series(1, order_count) AS place
), points AS (
  INSERT INTO customer_loyalty_events (event_id, customer_id, points, occurred_at)
  SELECT id || '-points', id, loyalty_points, last_order_at FROM chosen
)
SELECT id FROM chosen`

/** Finds customers whom one more order brings into the segment, and gives them the orders that they have had. */
export const findOrderers = (databaseUrl: string, most: number): Promise<ReadonlyArray<string>> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(withOrders, [most])
    return rows.map(({ id }) => id)
  })
