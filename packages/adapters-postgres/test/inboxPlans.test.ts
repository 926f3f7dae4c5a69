import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { keepMessages, noteMessages, restated } from "../src/inboxStatements.ts"
import { saveStandingsStatement } from "../src/saveStandings.ts"
import { lockCustomers } from "../src/standingStatements.ts"
import { postgres } from "./support/database.ts"
import { planThenFill, runAll, type Step } from "./support/preparedPlans.ts"

const [customers, messages] = [1000, 20_000]

const id = (number: string) => `lpad(to_hex(${number}), 32, '0')::uuid`
const hers = "00000000-0000-0000-0000-000000000007"

const customerRows = [
  `INSERT INTO customers (id, email) SELECT ${id("n")}, 'c' || n || '@example.com' FROM generate_series(1, ${customers}) n`,
  ...["customer_profiles", "customer_preferences", "customer_metrics"].map(
    (table) => `INSERT INTO ${table} (customer_id) SELECT id FROM customers`
  )
]

const someone = id(`1 + n % ${customers}`)
const each = `FROM generate_series(1, ${messages}) n`

const messageRows = [
  `INSERT INTO customer_orders SELECT 'o' || n, ${someone}, 5, now(), now(), 'e' || n ${each}`,
  `INSERT INTO customer_loyalty_events SELECT 'p' || n, ${someone}, 5, CASE WHEN n % 2 = 0 THEN n END, now() ${each}`,
  `INSERT INTO processed_events (topic, event_id, processed_at) SELECT 't', 'e' || n, now() ${each}`,
  `INSERT INTO parked_events (event_id, topic, customer_id, message, received_at, until)
    SELECT 'x' || n, 't', gen_random_uuid(), '', now(), now() ${each}`,
  `INSERT INTO dead_letters SELECT gen_random_uuid(), 't', 'x' || n, 'r', 'd', gen_random_uuid(), NULL, '', now() ${each}`
]

const json = (...rows: ReadonlyArray<unknown>) => `'${JSON.stringify(rows)}'`

const standing = {
  id: hers,
  versionBefore: 1,
  version: 2,
  updatedAt: "2031-01-01Z",
  standingAt: "2031-01-01Z",
  tier: "vip",
  segment: "vip",
  loyaltyPoints: 1,
  totalSpent: "1",
  orderCount: 1,
  averageOrderValue: "1"
}

const order = {
  order_id: "o7",
  customer_id: hers,
  total: "5",
  completed_at: "2031-01-01Z",
  occurred_at: "2031-01-01Z",
  event_id: "e"
}

/** What is done for one message, by the statements that do it for many. */
const steps: ReadonlyArray<Step> = [
  [noteMessages, json({ place: 0, event_id: "e7", topic: "t", customer_id: hers, order_id: "o7" }), "now()"],
  [lockCustomers, json(hers)],
  [
    keepMessages,
    json(order),
    "'[]'",
    json({ event_id: "x7", topic: "t" }),
    "'[]'",
    json({ event_id: "x7", topic: "t" }),
    "'[]'",
    `'{${hers}}'`,
    "now()"
  ],
  [restated, json({ id: hers, changed: true }), "'1000'", "'10000'", "'200'"],
  [saveStandingsStatement, json(standing), "'[]'"]
]

const few = 60

layer(postgres)("the plans for messages that are made before there is one", (it) => {
  it.effect("look at few rows also when there are many", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* runAll(customerRows)
      // A table that was empty when it was vacuumed is taken to be empty until it is looked at again.
      yield* sql`VACUUM (ANALYZE)`.unprepared
      const looked = yield* sql.withTransaction(planThenFill(steps, messageRows))
      for (const [index, rows] of looked.entries()) assert.isAtMost(rows, few, `step ${index}`)
      assert.isAbove(
        looked.reduce((sum, rows) => sum + rows, 0),
        20
      )
    })
  )
})
