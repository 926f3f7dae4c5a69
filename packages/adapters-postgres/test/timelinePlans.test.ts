import type { CustomerId } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { timelineRows } from "../src/PgCustomerTimeline.ts"
import { postgres } from "./support/database.ts"
import { writeEvents } from "./support/writtenEvents.ts"

const customers = 20
const entriesOfEach = 500
const limit = 50

const idOf = (customer: number) => `00000000-0000-4000-8000-${customer.toString(16).padStart(12, "0")}` as CustomerId

/** Few customers to whom much has happened, in turn. */
const muchOf = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO customers (id, email, created_at, updated_at)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n || '@example.com', now(), now()
    FROM generate_series(0, ${customers}::int - 1) n`.unprepared
  // To the first of them most of it, and long ago.
  yield* writeEvents(1, customers * entriesOfEach)
  yield* writeEvents(customers, entriesOfEach)
  yield* sql`
    INSERT INTO customer_audits (customer_id, customer_version, action, actor_kind, actor, recorded_at)
    SELECT customer_id, customer_version, 'logged_in', 'customer', customer_id, now() FROM outbox_events ORDER BY id`
    .unprepared
})

interface Node {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Actual Rows": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Node>
}

const nodesOf = (node: Node): ReadonlyArray<Node> => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** How a page is read that begins below these places: by which indexes, past how many rows, and what is sorted. */
const wayOf = Effect.fnUntraced(function* (id: CustomerId, place: number) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql.unsafe<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: Node }> }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${timelineRows}`,
    [id, place, place, limit + 1]
  ).unprepared
  const nodes = (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan }) => nodesOf(Plan))
  const scans = nodes.filter((node) => node["Relation Name"] !== undefined)
  return {
    indexes: nodes.flatMap((node) => node["Index Name"] ?? []),
    looked: scans.map((scan) => scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0)),
    sorts: nodes.filter((node) => node["Node Type"].includes("Sort")).length
  }
})

const all = 2 * customers * entriesOfEach
const pages = [idOf(0), idOf(7)].flatMap((id) =>
  [Number.MAX_SAFE_INTEGER, all, (3 * all) / 4, (3 * all) / 5].map((place) => [id, place] as const)
)

const byIndex = { indexes: ["idx_outbox_customer", "idx_audits_customer"], looked: [limit + 1, limit + 1], sorts: 0 }

const assertCheap = Effect.forEach(pages, ([id, place]) =>
  Effect.map(wayOf(id, place), (way) => assert.deepStrictEqual(way, byIndex))
)

layer(Layer.provideMerge(Layer.effectDiscard(muchOf), postgres))("a page of a long timeline", (it) => {
  it.effect("is read in order by the customer's indexes, and no further than it goes", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* assertCheap
      yield* sql`ANALYZE`.unprepared
      yield* assertCheap
    })
  )
})
