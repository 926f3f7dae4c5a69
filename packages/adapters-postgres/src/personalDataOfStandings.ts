import {
  actor,
  type Column,
  each,
  ids,
  kept,
  kinds,
  namedIn,
  overwritten,
  overwrittenText,
  personal,
  type Table,
  times
} from "./personalDataRules.ts"

const figures = kept("figures of the shop, nobody's without the rest")

/** A colleague's word: what it puts in the place of the rules may stay, what is said about her with it may not. */
const overrideIn = (column: string): Column =>
  overwrittenText(`CASE WHEN t.${column} IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
    'value', t.${column}->'value', 'reason', 'erased', 'by', 'erased', 'at', t.${column}->'at',
    'expiresAt', t.${column}->'expiresAt')) END`)

/** An id of another service, which leads to her there. Once it is overwritten it stays as it is. */
const idElsewhere = (column: string): Column =>
  overwritten(
    `CASE WHEN t.${column} ~ '^erased-[0-9a-f-]{36}$' THEN t.${column} ELSE 'erased-' || gen_random_uuid() END`
  )

const ofCustomer = { hers: namedIn("customer_id") }

/** Where she stands, and what that follows from. */
export const standings: ReadonlyArray<Table> = [
  {
    name: "customer_metrics",
    ...ofCustomer,
    rows: "stay",
    columns: {
      customer_id: ids,
      ...each("tier segment", kinds),
      ...each("loyalty_points total_spent order_count average_order_value", figures),
      ...each("last_order_at premium_since vip_since high_value_since", figures),
      tier_override: overrideIn("tier_override"),
      segment_override: overrideIn("segment_override"),
      review_at: { ...times, erasedTo: "NULL" },
      updated_at: times
    }
  },
  {
    name: "customer_tier_history",
    ...ofCustomer,
    rows: "stay",
    columns: {
      ...each("id customer_id", ids),
      ...each("from_tier to_tier cause", kinds),
      reason: overwrittenText("NULL"),
      changed_by: actor("changed_by"),
      ...each("achieved_at recorded_at", times)
    }
  },
  {
    name: "customer_orders",
    ...ofCustomer,
    rows: "stay",
    columns: {
      order_id: idElsewhere("order_id"),
      customer_id: ids,
      total: figures,
      completed_at: figures,
      occurred_at: times,
      event_id: idElsewhere("event_id")
    }
  },
  {
    name: "customer_loyalty_events",
    ...ofCustomer,
    rows: "go",
    columns: { ...each("event_id points balance", personal), customer_id: ids, occurred_at: times }
  }
]
