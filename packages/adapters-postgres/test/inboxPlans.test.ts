import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { byIndexAlone } from "../src/byIndexAlone.ts"
import { keepMessages, noteMessages, restated } from "../src/inboxStatements.ts"
import { saveStandingsStatement } from "../src/saveStandings.ts"
import { lockCustomers } from "../src/standingStatements.ts"
import { postgres } from "./support/database.ts"

const [customers, messages] = [1000, 20_000]

const id = (number: string) => `lpad(to_hex(${number}), 32, '0')::uuid`
const hers = "00000000-0000-0000-0000-000000000007"

const fill = (statements: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  )

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
const steps: ReadonlyArray<readonly [statement: string, ...parameters: ReadonlyArray<string>]> = [
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

interface Node {
  readonly "Relation Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Node>
}

const nodesOf = (node: Node): ReadonlyArray<Node> => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const lookedAt = (node: Node): number =>
  node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0))

/** The rows of tables that a prepared statement looks at. */
const rowsLookedAt = Effect.fnUntraced(function* (name: string, parameters: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql.unsafe<{ "QUERY PLAN": ReadonlyArray<{ Plan: Node }> }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE ${name}(${parameters.join(", ")})`
  ).unprepared
  const nodes = (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan }) => nodesOf(Plan))
  return nodes.filter((node) => node["Relation Name"] !== undefined).reduce((sum, node) => sum + lookedAt(node), 0)
})

/** Prepares the steps and plans them for good; then fills what they are planned for and does them again. */
const planThenFill = (rows: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`SET LOCAL plan_cache_mode = force_generic_plan`.unprepared
    yield* sql.unsafe(byIndexAlone)
    for (const [index, [statement]] of steps.entries()) {
      yield* sql.unsafe(`PREPARE step_${index} AS ${statement}`).unprepared
    }
    const explain = Effect.forEach(steps, ([, ...parameters], index) => rowsLookedAt(`step_${index}`, parameters))
    yield* sql`SAVEPOINT before`.unprepared
    yield* explain
    yield* sql`ROLLBACK TO before`.unprepared
    yield* fill(rows)
    return yield* explain
  })

const few = 60

layer(postgres)("the plans for messages that are made before there is one", (it) => {
  it.effect("look at few rows also when there are many", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* fill(customerRows)
      // A table that was empty when it was vacuumed is taken to be empty until it is looked at again.
      yield* sql`VACUUM (ANALYZE)`.unprepared
      const looked = yield* sql.withTransaction(planThenFill(messageRows))
      for (const [index, rows] of looked.entries()) assert.isAtMost(rows, few, `step ${index}`)
      assert.isAbove(
        looked.reduce((sum, rows) => sum + rows, 0),
        20
      )
    })
  )
})
