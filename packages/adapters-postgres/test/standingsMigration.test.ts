import { type CustomerId, CustomerStandings, StandingDecisions, StandingPolicy } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { Migrator, SqlClient } from "effect/sql"
import customers from "../src/migrations/0001_customers.ts"
import identity from "../src/migrations/0002_identity.ts"
import * as Migrations from "../src/Migrations.ts"
import * as PgliteClient from "../src/PgliteClient.ts"
import { everything } from "./support/beside.ts"
import { emptyPostgres } from "./support/database.ts"

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` as CustomerId

const [longAgo, inYears] = ["2020-01-01T10:00:00.123Z", "2100-05-20T00:00:00.000Z"]

const people = [
  { number: 1, createdAt: longAgo, label: "new_customer", type: "individual" },
  { number: 2, createdAt: inYears, label: "new_customer", type: "individual" },
  { number: 3, createdAt: longAgo, label: "regular", type: "individual" },
  { number: 4, createdAt: longAgo, label: "new_customer", type: "business" },
  { number: 5, createdAt: longAgo, label: "new_customer", type: "individual", erased: true }
]

/** A database as it was before customers had a standing to look at, with customers. */
const before = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const loader = Migrator.fromRecord({ "0001_customers": customers, "0002_identity": identity })
  yield* Migrator.make({})({ table: "schema_migrations", loader })
  for (const { createdAt, erased, label, number, type } of people) {
    const [id, at] = [idOf(number), new Date(createdAt)]
    yield* sql`
      INSERT INTO customers (id, email, customer_type, created_at, updated_at, erased_at)
      VALUES (${id}, ${`${id}@example.com`}, ${type}, ${at}, ${at}, ${erased === true ? at : null})`
    yield* sql`INSERT INTO customer_profiles (customer_id) VALUES (${id})`
    yield* sql`INSERT INTO customer_preferences (customer_id) VALUES (${id})`
    yield* sql`
      INSERT INTO customer_metrics (customer_id, segment, loyalty_points, total_spent, order_count, updated_at)
      VALUES (${id}, ${label}, 2147483647, 40, 1, ${at})`
  }
})

const standingsOf = (numbers: ReadonlyArray<number>) =>
  Effect.flatMap(CustomerStandings.CustomerStandings, (standings) =>
    Effect.forEach(numbers, (number) => standings.find(idOf(number)))
  )

const isoOf = (moment: DateTime.Utc | undefined) => moment && DateTime.formatIso(moment)

const review = Effect.gen(function* () {
  const standings = yield* CustomerStandings.CustomerStandings
  const now = yield* DateTime.now
  const reviewed = yield* standings.reviewDue(100, (customer, record) =>
    StandingDecisions.review(customer, record, StandingPolicy.defaultValue(), now)
  )
  return reviewed.map(({ id }) => id)
})

for (const [name, database] of [["PGlite", PgliteClient.layer()] as const, ["PostgreSQL", emptyPostgres] as const]) {
  layer(Layer.provideMerge(everything, database), { excludeTestServices: true })(
    `a database that has customers already, on ${name}`,
    (it) => {
      it.effect("has newcomers looked at when their time comes, and those whose time has passed at once", () =>
        Effect.gen(function* () {
          yield* before
          yield* Migrations.up
          const found = yield* standingsOf([1, 2, 3, 4])
          assert.deepStrictEqual(
            found.map(({ customer: { segment }, record }) => [segment.segment, isoOf(record.reviewAt)]),
            [
              ["new_customer", "2020-01-31T10:00:00.123Z"],
              ["new_customer", "2100-06-19T00:00:00.000Z"],
              ["regular", undefined],
              ["new_customer", "2020-01-31T10:00:00.123Z"]
            ]
          )
          assert.isTrue(found.every(({ customer }) => customer.segment.loyaltyPoints === 2_147_483_647))
          assert.sameMembers(yield* review, [idOf(1), idOf(4)])
          assert.deepStrictEqual(
            (yield* standingsOf([1, 2, 3, 4])).map(({ customer }) => customer.segment.segment),
            ["regular", "new_customer", "regular", "wholesale"]
          )
          assert.deepStrictEqual(yield* review, [])
        })
      )
    }
  )
}
