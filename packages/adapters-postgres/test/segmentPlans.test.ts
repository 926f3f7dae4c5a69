import { CustomerId, type Rule, SegmentStore } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { compareCustomers } from "../src/compareCustomers.ts"
import { lowestId } from "../src/lowestId.ts"
import { dueMemberships, lockDueForReview, lockFree, membersPage } from "../src/membershipStatements.ts"
import { saveReviews } from "../src/saveReviews.ts"
import {
  applyMoves,
  dropErased,
  dropErasedMarks,
  forgetMoves,
  markTouched,
  untoldMoves
} from "../src/recomputeStatements.ts"
import { everything } from "./support/beside.ts"
import { postgres } from "./support/database.ts"
import { planThenFill, runAll, type Step } from "./support/preparedPlans.ts"
import { newSegment, reviewedAt } from "./support/segmentPeople.ts"

const [customers, segments] = [4000, 8]

const idOf = (kind: number, number: string) =>
  `('0000000${kind}-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
const hers = CustomerId.make("00000001-0000-4000-8000-000000000007")
const segment = "00000002-0000-4000-8000-000000000003"

const people = [
  `INSERT INTO customers (id, email) SELECT ${idOf(1, "n")}, n || '@example.com' FROM generate_series(1, ${customers}) n`,
  ...["customer_profiles", "customer_preferences", "customer_metrics"].map(
    (table) => `INSERT INTO ${table} (customer_id) SELECT id FROM customers`
  ),
  `INSERT INTO customer_segments (id, name, rules) SELECT ${idOf(2, "n")}, 's' || n, '{"any": []}'
    FROM generate_series(1, ${segments}) n`
]

const everywhere = `FROM generate_series(1, ${customers}) n CROSS JOIN generate_series(1, ${segments}) s`

const memberships = [
  `INSERT INTO customer_segment_memberships (customer_id, segment_id) SELECT ${idOf(1, "n")}, ${idOf(2, "s")} ${everywhere}`,
  `INSERT INTO segment_recompute_moves SELECT ${idOf(2, "s")}, ${idOf(1, "n")}, n % 2 = 0, FALSE ${everywhere}`,
  `INSERT INTO segment_recompute_touched SELECT ${idOf(2, "s")}, ${idOf(1, "n")} ${everywhere} WHERE n % 400 = 0`,
  `INSERT INTO customer_segment_reviews (customer_id, due_at) SELECT id, now() + (email < '4') ::int * interval '1 day'
    FROM customers ON CONFLICT DO NOTHING`
]

const review = {
  customerId: hers,
  reviewAt: "2031-01-01Z",
  memberships: [{ segmentId: segment, since: "2031-01-01Z", by: "rule" }],
  leaves: [segment],
  made: [],
  over: [segment],
  told: [segment]
}

const json = (...rows: ReadonlyArray<unknown>) => `'${JSON.stringify(rows)}'`
const [which, from, now] = [`'${segment}'`, `'${lowestId}'`, "now()"]
const last = "'ffffffff-ffff-ffff-ffff-ffffffffffff'"

/** What reviews of one customer and steps of recomputes come to, of ten customers where there are more. */
const steps: ReadonlyArray<Step> = [
  [lockDueForReview, now, "10"],
  [lockFree, json(hers)],
  [dueMemberships, json(hers), now],
  [saveReviews, json(review)],
  [membersPage, which, from, "10"],
  [untoldMoves, which, from, "10"],
  [forgetMoves, which, from, `'${hers}'`],
  [applyMoves, which, from, now, "10"],
  [dropErased, which],
  [dropErasedMarks],
  [markTouched, which, from, last, now]
]

const few = 150

/** How many rows of each table this connection has read so far. */
const rowsRead = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ name: string; rows: number }>`
    SELECT relname AS name, (seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 AS rows
    FROM pg_stat_xact_user_tables WHERE relname LIKE 'customer%'`
  return new Map(tables.map(({ name, rows }) => [name, rows]))
})

layer(Layer.provideMerge(everything, postgres))("the plans for segments", (it) => {
  it.effect("that are made before anybody belongs to one look at few rows also when many do", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* runAll(people)
      yield* sql`VACUUM (ANALYZE)`.unprepared
      const looked = yield* sql.withTransaction(planThenFill(steps, memberships))
      for (const [index, rows] of looked.entries()) assert.isAtMost(rows, few, `step ${index}`)
      assert.isAbove(
        looked.reduce((sum, rows) => sum + rows, 0),
        100
      )
    })
  )
})

layer(Layer.provideMerge(everything, postgres))("the plans for recomputes", (it) => {
  it.effect("go through nobody but those whom a batch compares", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* runAll([...people, ...memberships])
      yield* sql`ANALYZE`.unprepared
      const rule: Rule = {
        all: [
          { field: "profile.gender", op: "eq", value: "female" },
          { field: "orders.count", op: "gte", value: 5 },
          { field: "lastOrder", op: "withinLast", value: 30 },
          { field: "preferences.language", op: "eq", value: "en" }
        ]
      }
      const asked = yield* newSegment(rule)
      const [store, most] = [yield* SegmentStore.SegmentStore, 400]
      const looked = yield* sql.withTransaction(
        Effect.gen(function* () {
          // So few are read as a whole where that is allowed.
          yield* sql`SET LOCAL enable_seqscan = off`.unprepared
          const before = yield* rowsRead
          yield* compareCustomers(sql, yield* store.find(asked.id), { cursor: hers, most, now: reviewedAt })
          return { before, after: yield* rowsRead }
        })
      )
      const byTable = new Map(
        [...looked.after].map(([table, rows]) => [table, rows - (looked.before.get(table) ?? 0)] as const)
      )
      for (const [table, rows] of byTable) {
        assert.isAtMost(rows, table === "customer_segment_memberships" ? most * (segments + 5) : 3 * most, table)
      }
      assert.isAtLeast(byTable.get("customer_metrics") ?? 0, most)
    })
  )
})
