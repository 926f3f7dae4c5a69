import { type CustomerId, CustomerQuery } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { pageStatement } from "../src/listCustomers.ts"
import { postgres } from "./support/database.ts"

const size = 50_000

/** Customers created a minute apart; number 12345 is `First12345 Last12345`, `customer12345@example.com`. */
const manyCustomers = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO customers (id, email, first_name, last_name, status, created_at, updated_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'customer' || n || '@example.com', 'First' || n, 'Last' || n,
      CASE WHEN n % 100 = 0 THEN 'suspended' ELSE 'active' END, t, t
    FROM generate_series(1, ${size}) n, LATERAL (SELECT '2024-01-01Z'::timestamptz + n * interval '1 minute') times(t)`
  for (const table of ["customer_profiles", "customer_preferences", "customer_metrics"]) {
    yield* sql`INSERT INTO ${sql(table)} (customer_id) SELECT id FROM customers`
    yield* sql.unsafe(`ANALYZE ${table}`).unprepared
  }
  yield* sql`ANALYZE customers`.unprepared
})

interface Node {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Node>
}

const nodesOf = (node: Node): ReadonlyArray<Node> => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** How a page was read: the indexes of `customers` that served, and how many of its rows were looked at. */
const wayOf = Effect.fnUntraced(function* (query: CustomerQuery.CustomerQuery) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ "QUERY PLAN": ReadonlyArray<{ Plan: Node }> }>`
    EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${pageStatement(sql, query)}`.unprepared
  const nodes = (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan }) => nodesOf(Plan))
  const scans = nodes.filter((node) => node["Relation Name"] === "customers")
  return {
    indexes: nodes.flatMap((node) => node["Index Name"] ?? []).filter((name) => name.includes("customers")),
    looked: scans.reduce((sum, scan) => sum + scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0), 0),
    sorts: nodes.filter((node) => node["Node Type"].includes("Sort")).length
  }
})

const cursor = (number: number): CustomerQuery.Cursor => ({
  createdAt: DateTime.add(DateTime.makeUnsafe("2024-01-01T00:00:00.000Z"), { minutes: number }),
  id: `00000000-0000-0000-0000-${number.toString(16).padStart(12, "0")}` as CustomerId
})

const inOrder = { indexes: ["idx_customers_created_at"], looked: 51, sorts: 0 }

layer(Layer.provideMerge(Layer.effectDiscard(manyCustomers), postgres))("a list among 50,000 customers", (it) => {
  it.effect("reads its first page in order, and no more", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* wayOf({ limit: 50 }), inOrder)
    })
  )

  it.effect("reads a deep page as it does the first", () =>
    Effect.gen(function* () {
      for (const number of [49_000, 25_000, 100]) {
        assert.deepStrictEqual(yield* wayOf({ limit: 50, after: cursor(number) }), inOrder)
      }
    })
  )

  it.effect("finds a prefix of the email or of either name by their indexes", () =>
    Effect.gen(function* () {
      const indexes = ["customers_email_unique", "idx_customers_first_name", "idx_customers_last_name"]
      for (const q of ["customer4321", "FIRST4321", "Last4321", "nobody"]) {
        const way = yield* wayOf({ limit: 50, q })
        assert.sameMembers(way.indexes, indexes)
        assert.isAtMost(way.looked, 11)
      }
    })
  )

  it.effect("finds an email by its index", () =>
    Effect.gen(function* () {
      const way = yield* wayOf({ limit: 50, email: "Customer4321@example.com" })
      assert.deepInclude(way, { indexes: ["customers_email_unique"], looked: 1 })
    })
  )

  it.effect("looks at few more than it shows where a prefix fits many", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* wayOf({ limit: 50, q: "c" }), inOrder)
      assert.deepStrictEqual(yield* wayOf({ limit: 50, q: "c", after: cursor(25_000) }), inOrder)
    })
  )

  it.effect("reads those of one status in order, many or few, at any depth", () =>
    Effect.gen(function* () {
      const byStatus = { ...inOrder, indexes: ["idx_customers_status"] }
      assert.deepStrictEqual(yield* wayOf({ limit: 50, status: "suspended" }), byStatus)
      assert.deepStrictEqual(yield* wayOf({ limit: 50, status: "suspended", after: cursor(25_000) }), byStatus)
      assert.strictEqual((yield* wayOf({ limit: 50, status: "pending" })).looked, 0)
      assert.strictEqual((yield* wayOf({ limit: 50, status: "active" })).sorts, 0)
    })
  )

  it.effect("looks at nobody outside the time asked for", () =>
    Effect.gen(function* () {
      const [createdAfter, createdBefore] = [cursor(25_000).createdAt, cursor(25_030).createdAt]
      assert.strictEqual((yield* wayOf({ limit: 50, createdAfter, createdBefore })).looked, 29)
      assert.strictEqual((yield* wayOf({ limit: 50, updatedAfter: cursor(49_990).createdAt })).looked, 10)
    })
  )
})
