import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { lowestId } from "../src/lowestId.ts"
import { dueMemberships, lockDueForReview, lockFree, membersPage } from "../src/membershipStatements.ts"
import { keepRulesByIndex } from "../src/segmentLock.ts"
import { lockCustomers } from "../src/standingStatements.ts"
import { postgres } from "./support/database.ts"
import { runAll } from "./support/preparedPlans.ts"

const customers = 4000
const together = 100

/** Many whose time has come, who all belong to a segment; nobody takes statistics of them meanwhile. */
const muchToReview = runAll([
  ...["customers", "customer_metrics", "customer_segment_reviews", "customer_segment_memberships"].map(
    (table) => `ALTER TABLE ${table} SET (autovacuum_enabled = false)`
  ),
  `INSERT INTO customers (id, email) SELECT md5(n::text)::uuid, n || '@example.com' FROM generate_series(1, ${customers}) n`,
  ...["customer_profiles", "customer_preferences", "customer_metrics"].map(
    (table) => `INSERT INTO ${table} (customer_id) SELECT id FROM customers`
  ),
  `INSERT INTO customer_segment_reviews (customer_id, due_at, fields) SELECT id, now() - interval '1 hour', '{*}' FROM customers`,
  `INSERT INTO customer_segment_memberships (customer_id, segment_id)
    SELECT c.id, s.id FROM customers c CROSS JOIN (SELECT id FROM customer_segments ORDER BY name LIMIT 1) s`
])

interface Node {
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Node>
}

const nodesOf = (node: Node): ReadonlyArray<Node> => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const rowsOf = (node: Node) => node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0))

/** The most rows that a statement looks at in any table, and the indexes that it reads, as a review does it. */
const wayOf = Effect.fnUntraced(function* (statement: string, parameters: ReadonlyArray<unknown>, isReview: boolean) {
  const sql = yield* SqlClient.SqlClient
  const explain = sql.unsafe<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: Node }> }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${statement}`,
    [...parameters]
  ).unprepared
  const [row] = yield* isReview ? sql.withTransaction(Effect.andThen(sql.unsafe(keepRulesByIndex), explain)) : explain
  const nodes = (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan }) => nodesOf(Plan))
  const scans = nodes.filter((node) => node["Relation Name"] !== undefined)
  return { looked: Math.max(...scans.map(rowsOf)), indexes: nodes.flatMap((node) => node["Index Name"] ?? []) }
})

const assertCheap = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const due = yield* sql<{ id: string }>`SELECT customer_id AS id FROM customer_segment_reviews LIMIT ${together}`
  const [segment] = yield* sql<{ id: string }>`SELECT id FROM customer_segments ORDER BY name LIMIT 1`
  const ids = JSON.stringify(due.map(({ id }) => id))
  const now = new Date()
  const ways = {
    lockDueForReview: yield* wayOf(lockDueForReview, [now, together], true),
    lockFree: yield* wayOf(lockFree, [ids], true),
    lockCustomers: yield* wayOf(lockCustomers, [ids], true),
    dueMemberships: yield* wayOf(dueMemberships, [ids, now], true),
    membersPage: yield* wayOf(membersPage, [segment?.id, lowestId, together], false)
  }
  for (const [name, { indexes, looked }] of Object.entries(ways)) {
    assert.isAtMost(looked, 2 * together, name)
    assert.notInclude(indexes, "customers_email_unique", name)
  }
  assert.include(ways.lockDueForReview.indexes, "idx_segment_reviews_due")
})

layer(Layer.provideMerge(Layer.effectDiscard(muchToReview), postgres))("a batch of reviews of very many", (it) => {
  it.effect("looks at those whom it reviews and no others, also before there are statistics", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* assertCheap
      yield* sql`ANALYZE`.unprepared
      yield* assertCheap
    })
  )
})
