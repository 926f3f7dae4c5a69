import { assert, layer } from "@effect/vitest"
import { Array, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { dueEvents, settleClaim, takePartition, unpublishLast } from "../src/outboxStatements.ts"
import { postgres } from "./support/database.ts"
import { writeEvents } from "./support/writtenEvents.ts"

const [customers, eventsOfEach] = [4000, 5]

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

type Plan = ReadonlyArray<{ readonly Plan: Node }>

/** What a statement does as one that is prepared, for any parameters or for these; all of it is undone. */
const planOf = Effect.fnUntraced(function* (statement: string, parameters: ReadonlyArray<string>, mode: Mode) {
  const sql = yield* SqlClient.SqlClient
  const values = parameters.length === 0 ? "" : `(${parameters.join(", ")})`
  yield* sql.unsafe(`SET LOCAL plan_cache_mode = ${mode}`).unprepared
  yield* sql.unsafe(`PREPARE looked_at AS ${statement}`).unprepared
  yield* sql`SAVEPOINT before`.unprepared
  const explain = `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE looked_at${values}`
  const [row] = yield* sql.unsafe<{ readonly "QUERY PLAN": Plan }>(explain).unprepared
  yield* sql`ROLLBACK TO before`.unprepared
  yield* sql`DEALLOCATE looked_at`.unprepared
  return row?.["QUERY PLAN"] ?? []
})

const modes = ["force_custom_plan", "force_generic_plan"] as const
type Mode = (typeof modes)[number]

/** How a statement found its events: by which index, and how many it looked at. */
const wayOf = Effect.fnUntraced(function* (statement: string, parameters: ReadonlyArray<string>, mode: Mode) {
  const sql = yield* SqlClient.SqlClient
  const plan = yield* sql.withTransaction(planOf(statement, parameters, mode))
  const nodes = plan.flatMap(({ Plan }) => nodesOf(Plan))
  const scans = nodes.filter((node) => node["Relation Name"] === "outbox_events" && node["Node Type"] !== "ModifyTable")
  return {
    indexes: Array.dedupe(nodes.flatMap((node) => node["Index Name"] ?? []).filter((name) => name.includes("outbox_"))),
    looked: scans.reduce(
      (sum, scan) => sum + scan["Actual Loops"] * (scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0)),
      0
    )
  }
})

const partitions = 16
const batch = 256

/** Whatever the table's statistics are, a claim looks at what it takes, and at one event of each partition. */
const assertCheapClaims = Effect.forEach(modes, (mode) =>
  Effect.gen(function* () {
    const taking = yield* wayOf(takePartition, ["15"], mode)
    assert.include(taking.indexes, "idx_outbox_due")
    assert.isAtMost(taking.looked, partitions)
    const claiming = yield* wayOf(dueEvents, ["3", String(batch)], mode)
    assert.include(claiming.indexes, "idx_outbox_due")
    assert.isAtMost(claiming.looked, batch)
  })
)

const manyEvents = Layer.provideMerge(Layer.effectDiscard(writeEvents(customers, eventsOfEach)), postgres)

layer(manyEvents)("an outbox of 20,000 events", (it) => {
  it.effect("is claimed from at the cost of what is claimed, before anything is published and after", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* assertCheapClaims
      yield* sql`ANALYZE outbox_events`.unprepared
      yield* assertCheapClaims
      yield* sql`UPDATE outbox_events SET published_at = now() WHERE id % 1000 <> 0`
      yield* assertCheapClaims
      yield* sql`VACUUM ANALYZE outbox_events`.unprepared
      yield* assertCheapClaims
    })
  )

  it.effect("settles a claim by the events' own ids", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [taken] = yield* sql<{ ticket: string }>`
        UPDATE outbox_partitions SET ticket = gen_random_uuid(), lease_until = 'infinity' WHERE partition = 3
        RETURNING ticket`
      const [first] = yield* sql<{ ids: string }>`
        SELECT string_agg(id::text, ',') AS ids FROM outbox_events WHERE id <= ${batch}`
      const settling = ["3", `'${taken?.ticket}'`, `'{${first?.ids}}'`, `'[]'`]
      for (const mode of modes) {
        const way = yield* wayOf(settleClaim, settling, mode)
        assert.deepInclude(way, { looked: batch })
        assert.include(way.indexes, "outbox_events_pkey")
      }
    })
  )

  it.effect("finds what was published last among all that ever was", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE outbox_events SET published_at = now() - interval '1 day' WHERE id % 1000 <> 0`
      yield* sql`UPDATE outbox_events SET published_at = now() WHERE id <= 100`
      yield* sql`UPDATE outbox_partitions SET publishing_since = now() WHERE partition = 3`
      for (const mode of modes) {
        assert.deepStrictEqual(yield* wayOf(unpublishLast, ["5"], mode), {
          indexes: ["idx_outbox_published"],
          looked: 100
        })
      }
    })
  )
})
