import { withClient } from "../database.ts"

// Whoever writes past the service leaves no marks: a recompute alone finds what has changed.
const statement = `
UPDATE customer_metrics SET order_count = order_count + 3, total_spent = total_spent + 600, loyalty_points = loyalty_points + 60,
  average_order_value = round((total_spent + 600) / (order_count + 3), 4), last_order_at = now(),
  tier = CASE WHEN total_spent + 600 >= 10000 THEN 'vip' WHEN total_spent + 600 >= 1000 THEN 'premium' ELSE tier END
WHERE ('x' || right(customer_id::text, 12))::bit(48)::bigint % 100 = 33`

/** Changes one customer in a hundred past the service; answers how many those are. */
export const drift = (databaseUrl: string): Promise<number> =>
  withClient(databaseUrl, async (client) => (await client.query(statement)).rowCount ?? 0)
