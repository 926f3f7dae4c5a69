import {
  type CustomerId,
  defaultSegments,
  dependenciesOfAll,
  type Segment,
  SegmentMemberships,
  SegmentRecomputes,
  SegmentStore
} from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { Migrator, SqlClient } from "effect/sql"
import customers from "../src/migrations/0001_customers.ts"
import identity from "../src/migrations/0002_identity.ts"
import events from "../src/migrations/0003_events.ts"
import standings from "../src/migrations/0004_standings.ts"
import * as Migrations from "../src/Migrations.ts"
import * as PgliteClient from "../src/PgliteClient.ts"
import { everything } from "./support/beside.ts"
import { emptyPostgres, pglite, postgres } from "./support/database.ts"

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` as CustomerId

const people = [
  { number: 1, type: "individual", tier: "vip", status: "active" },
  { number: 2, type: "business", tier: "regular", status: "pending" },
  { number: 3, type: "individual", tier: "regular", status: "inactive" }
]

/** A database as it was before segments had rules that count, with customers and somebody's own segment. */
const before = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const loader = Migrator.fromRecord({
    "0001_customers": customers,
    "0002_identity": identity,
    "0003_events": events,
    "0004_standings": standings
  })
  yield* Migrator.make({})({ table: "schema_migrations", loader })
  for (const { number, status, tier, type } of people) {
    const id = idOf(number)
    yield* sql`
      INSERT INTO customers (id, email, customer_type, status) VALUES (${id}, ${`${id}@example.com`}, ${type}, ${status})`
    yield* sql`INSERT INTO customer_profiles (customer_id) VALUES (${id})`
    yield* sql`INSERT INTO customer_preferences (customer_id) VALUES (${id})`
    yield* sql`INSERT INTO customer_metrics (customer_id, tier) VALUES (${id}, ${tier})`
  }
  yield* sql`INSERT INTO customer_segments (name, rules) VALUES ('their own', '{"min_orders": 5}')`
  yield* sql`
    INSERT INTO customer_segment_memberships (customer_id, segment_id) SELECT ${idOf(2)}, id FROM customer_segments`
})

const rulesOf = (segments: ReadonlyArray<Pick<Segment, "name" | "rule">>) =>
  Object.fromEntries(segments.map(({ name, rule }) => [name, rule]))

/** The names of the segments that a customer belongs to. */
const belongings = Effect.fnUntraced(function* (number: number) {
  const memberships = yield* SegmentMemberships.SegmentMemberships
  const { current, segments } = yield* memberships.find(idOf(number))
  return segments.filter(({ id }) => current.memberships.has(id)).map(({ name }) => name)
})

const recomputeAll = Effect.gen(function* () {
  const recomputes = yield* SegmentRecomputes.SegmentRecomputes
  const now = yield* DateTime.now
  while ((yield* recomputes.step(2, now)) !== undefined);
})

const states = Effect.map(
  Effect.flatMap(SegmentStore.SegmentStore, (store) => store.list),
  (segments) => segments.map(({ inForce, recompute }) => [inForce.version, recompute?.state])
)

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  layer(Layer.provideMerge(everything, database))(`a new database, on ${name}`, (it) => {
    it.effect("has the specification's segments, and knows on which fields they depend", () =>
      Effect.gen(function* () {
        const store = yield* SegmentStore.SegmentStore
        const sql = yield* SqlClient.SqlClient
        const segments = yield* store.list
        assert.deepStrictEqual(rulesOf(segments), rulesOf(defaultSegments))
        assert.sameMembers(
          segments.map(({ description }) => description),
          defaultSegments.map(({ description }) => description)
        )
        const catalog = yield* sql<{ fields: ReadonlyArray<string> }>`SELECT fields FROM segment_catalog`
        assert.deepStrictEqual(
          catalog.map(({ fields }) => new Set(fields)),
          [dependenciesOfAll(segments)]
        )
        assert.deepStrictEqual(
          yield* states,
          Array.from({ length: 5 }, () => [1, undefined])
        )
      })
    )
  })
}

for (const [name, database] of [["PGlite", PgliteClient.layer()] as const, ["PostgreSQL", emptyPostgres] as const]) {
  layer(Layer.provideMerge(everything, database), { excludeTestServices: true })(
    `a database that has customers already, on ${name}`,
    (it) => {
      it.effect("has everybody compared with the specification's rules, and leaves other segments alone", () =>
        Effect.gen(function* () {
          yield* before
          yield* Migrations.up
          const found = yield* states
          const behind: (typeof found)[number] = [0, "comparing"]
          assert.deepStrictEqual(found, [behind, behind, behind, [1, undefined], behind, behind])
          assert.deepStrictEqual(yield* belongings(1), [])
          yield* recomputeAll
          assert.deepStrictEqual(yield* Effect.forEach([1, 2, 3], belongings), [
            ["all-customers", "new-customers", "vip-customers"],
            ["all-customers", "new-customers", "their own", "wholesale-customers"],
            []
          ])
          assert.deepStrictEqual(
            yield* states,
            Array.from({ length: 6 }, () => [1, undefined])
          )
        })
      )
    }
  )
}
