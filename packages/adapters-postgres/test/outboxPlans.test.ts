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

const prepare = Effect.fnUntraced(function* (name: string, statement: string, mode: Mode) {
  const sql = yield* SqlClient.SqlClient
  yield* sql.unsafe(`SET LOCAL plan_cache_mode = ${mode}`).unprepared
  yield* sql.unsafe(`PREPARE ${name} AS ${statement}`).unprepared
})

const callOf = (name: string, parameters: ReadonlyArray<string>): string =>
  parameters.length === 0 ? `EXECUTE ${name}` : `EXECUTE ${name}(${parameters.join(", ")})`

/** Runs a prepared statement and undoes it: by which indexes it found its events, and how many it looked at. */
const wayOfPrepared = Effect.fnUntraced(function* (name: string, parameters: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`SAVEPOINT before`.unprepared
  const explain = `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${callOf(name, parameters)}`
  const [row] = yield* sql.unsafe<{ readonly "QUERY PLAN": Plan }>(explain).unprepared
  yield* sql`ROLLBACK TO before`.unprepared
  const nodes = (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan }) => nodesOf(Plan))
  const scans = nodes.filter((node) => node["Relation Name"] === "outbox_events" && node["Node Type"] !== "ModifyTable")
  return {
    indexes: Array.dedupe(nodes.flatMap((node) => node["Index Name"] ?? []).filter((name) => name.includes("outbox_"))),
    looked: scans.reduce(
      (sum, scan) => sum + scan["Actual Loops"] * (scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0)),
      0
    )
  }
})

const modes = ["force_custom_plan", "force_generic_plan"] as const
type Mode = (typeof modes)[number]

/** The way of a statement that is planned just then, for these parameters or for any. */
const wayOf = Effect.fnUntraced(
  function* (statement: string, parameters: ReadonlyArray<string>, mode: Mode) {
    const sql = yield* SqlClient.SqlClient
    yield* prepare("looked_at", statement, mode)
    const way = yield* wayOfPrepared("looked_at", parameters)
    yield* sql`DEALLOCATE looked_at`.unprepared
    return way
  },
  (way) => Effect.flatMap(SqlClient.SqlClient, (sql) => sql.withTransaction(way))
)

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

const ticket = "00000000-0000-4000-8000-000000000000"

/** Of the events a hundred were published lately, and many long ago; partition 3 is claimed. */
const publishSome = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`UPDATE outbox_events SET published_at = now() - interval '1 day' WHERE id % 1000 <> 0`
  yield* sql`UPDATE outbox_events SET published_at = now() WHERE id <= 100`
  yield* sql`
    UPDATE outbox_partitions SET publishing_since = now(), ticket = ${ticket}, lease_until = 'infinity'
    WHERE partition = 3`
})

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
      yield* publishSome
      const [first] = yield* sql<{ ids: string }>`
        SELECT string_agg(id::text, ',') AS ids FROM outbox_events WHERE id <= ${batch}`
      const settling = ["3", `'${ticket}'`, `'{${first?.ids}}'`, `'[]'`]
      for (const mode of modes) {
        const way = yield* wayOf(settleClaim, settling, mode)
        assert.deepInclude(way, { looked: batch })
        assert.include(way.indexes, "outbox_events_pkey")
      }
    })
  )

  it.effect("finds what was published last among all that ever was", () =>
    Effect.gen(function* () {
      yield* publishSome
      for (const mode of modes) {
        assert.deepStrictEqual(yield* wayOf(unpublishLast, ["5", "0"], mode), {
          indexes: ["idx_outbox_published"],
          looked: 100
        })
      }
    })
  )
})

layer(postgres)("claims that were planned for an empty outbox", (it) => {
  it.effect("look at no more than they take once it is full", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const mode = "force_generic_plan"
      const planned = [
        ["taking", takePartition, ["15"], partitions],
        ["claiming", dueEvents, ["3", String(batch)], batch]
      ] as const
      yield* Effect.forEach(planned, ([name, statement, parameters]) =>
        Effect.andThen(prepare(name, statement, mode), sql.unsafe(`EXPLAIN ${callOf(name, parameters)}`).unprepared)
      )
      yield* writeEvents(customers, eventsOfEach)
      for (const [name, , parameters, most] of planned) {
        assert.isAtMost((yield* wayOfPrepared(name, parameters)).looked, most, name)
      }
    }).pipe((test) => Effect.flatMap(SqlClient.SqlClient, (sql) => sql.withTransaction(test)))
  )
})
