import { type CustomerId, CustomerRepository, VerificationTokens } from "@customer-service/core"
import { freshWord, registration } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import * as Housekeeping from "../src/Housekeeping.ts"
import { besideAnother, locking } from "./support/anotherProcess.ts"
import { everything } from "./support/beside.ts"
import { pglite } from "./support/database.ts"
import { beginErasure, finish } from "./support/people.ts"

const nothing = { tokens: 0, idempotencyKeys: 0, events: 0, processedEvents: 0, ofErased: 0 }

const sweep = (outboxRetentionDays = 0) => Housekeeping.sweep({ outboxRetentionDays })

/** A customer whose token and key expired so many minutes ago, or will in so many. */
const withExpiry = Effect.fnUntraced(function* (minutes: number) {
  const customers = yield* CustomerRepository.CustomerRepository
  const tokens = yield* VerificationTokens.VerificationTokens
  const sql = yield* SqlClient.SqlClient
  const now = yield* DateTime.now
  const expiresAt = DateTime.add(now, { minutes })
  const [digest, key] = [freshWord(), freshWord()]
  const { id } = yield* customers.insert(registration(), { key, fingerprint: "", answer: () => "" })
  yield* sql`UPDATE idempotency_keys SET expires_at = ${DateTime.toDateUtc(expiresAt)} WHERE key = ${key}`
  yield* tokens.issue({ digest, purpose: "password_reset", customerId: id, target: "x", issuedAt: now, expiresAt })
  return { digest, key }
})

/** An event that was created and published so many days ago; never published where that is not said. */
const event = Effect.fnUntraced(function* (created: number, published?: number) {
  const sql = yield* SqlClient.SqlClient
  const now = yield* DateTime.now
  const daysAgo = (days: number) => DateTime.toDateUtc(DateTime.subtract(now, { days }))
  const publishedAt = published === undefined ? null : daysAgo(published)
  const rows = yield* sql<{ id: string }>`
    INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope, created_at, published_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'x', '{}', ${daysAgo(created)}, ${publishedAt})
    RETURNING event_id AS id`
  return rows.map(({ id }) => id)
})

const tablesOfSegments = [
  "customer_segment_reviews",
  "customer_segment_exceptions",
  "customer_segment_memberships",
  "segment_recompute_moves",
  "segment_recompute_touched"
]

/** Puts down of a customer what there can be of one segment. */
const putIntoSegments = Effect.fnUntraced(function* (id: CustomerId) {
  const sql = yield* SqlClient.SqlClient
  const [segment] = yield* sql<{ id: string }>`SELECT id FROM customer_segments ORDER BY name LIMIT 1`
  const hers = { customer_id: id, segment_id: segment?.id ?? "" }
  yield* sql`INSERT INTO customer_segment_reviews (customer_id, due_at) VALUES (${id}, now()) ON CONFLICT DO NOTHING`
  yield* sql`INSERT INTO customer_segment_exceptions ${sql.insert({ ...hers, member: true, reason: "x", made_by: "x", made_at: new Date() })}`
  yield* sql`INSERT INTO customer_segment_memberships ${sql.insert(hers)}`
  yield* sql`INSERT INTO segment_recompute_moves ${sql.insert({ ...hers, joins: true, by_hand: false })}`
  yield* sql`INSERT INTO segment_recompute_touched ${sql.insert(hers)}`
})

const eventsThere = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.map(sql<{ id: string }>`SELECT event_id AS id FROM outbox_events ORDER BY outbox_events.id`, (rows) =>
    rows.map(({ id }) => id)
  )
)

for (const [name, services] of [
  ["PGlite", Layer.provideMerge(everything, pglite)] as const,
  ["PostgreSQL", besideAnother] as const
]) {
  layer(services, { excludeTestServices: true })(`housekeeping on ${name}`, (it) => {
    it.effect("removes tokens and keys that have expired, and no others", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* withExpiry(-1)
        const young = yield* withExpiry(1)
        assert.deepStrictEqual(yield* sweep(), Option.some({ ...nothing, tokens: 1, idempotencyKeys: 1 }))
        assert.deepStrictEqual(yield* sql`SELECT digest FROM verification_tokens`, [{ digest: young.digest }])
        assert.deepStrictEqual(yield* sql`SELECT key FROM idempotency_keys`, [{ key: young.key }])
        assert.deepStrictEqual(yield* sweep(), Option.some(nothing))
      })
    )

    it.effect("removes events that were published longer ago than they are kept, or none at all", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`DELETE FROM outbox_events`
        yield* event(9, 8)
        const kept = [yield* event(9, 6), yield* event(9), yield* event(1, 1)].flat()
        assert.deepStrictEqual(yield* sweep(0), Option.some(nothing))
        assert.deepStrictEqual(yield* sweep(7), Option.some({ ...nothing, events: 1 }))
        assert.deepStrictEqual(yield* eventsThere, kept)
      })
    )

    it.effect("removes no event that is to be published still, and what held back one that it removes", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`DELETE FROM outbox_events`
        const waiting = [yield* event(99), yield* event(99, 98)].flat()
        yield* sql`UPDATE outbox_events SET published_at = NULL`
        const dropped = yield* event(99)
        yield* sql`UPDATE outbox_events SET dropped_at = now() - interval '8 days' WHERE event_id = ${dropped[0] ?? ""}`
        yield* sql`
          INSERT INTO outbox_refusals (outbox_id, chain, refusals, waits, dead_at)
          SELECT id, event_id, 1, 0, now() FROM outbox_events`
        assert.deepStrictEqual(yield* sweep(7), Option.some({ ...nothing, events: 1 }))
        assert.deepStrictEqual(yield* eventsThere, waiting)
        assert.lengthOf(yield* sql`SELECT outbox_id FROM outbox_refusals`, 2)
      })
    )

    it.effect("removes the ids of messages that came more than 30 days ago", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const now = yield* DateTime.now
        const daysAgo = (days: number) => DateTime.toDateUtc(DateTime.subtract(now, { days }))
        yield* sql`
          INSERT INTO processed_events (event_id, topic, processed_at)
          VALUES ('old', 'x', ${daysAgo(31)}), ('young', 'x', ${daysAgo(29)})`
        assert.deepStrictEqual(yield* sweep(), Option.some({ ...nothing, processedEvents: 1 }))
        assert.deepStrictEqual(yield* sql`SELECT event_id AS id FROM processed_events`, [{ id: "young" }])
      })
    )

    it.effect("removes what is left of the segments of whoever is erased, and nothing of others", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const customers = yield* CustomerRepository.CustomerRepository
        const [erased, other] = [yield* customers.insert(registration()), yield* customers.insert(registration())]
        yield* beginErasure(erased.id)
        yield* finish(erased.id)
        yield* Effect.forEach([erased.id, other.id], putIntoSegments)
        assert.deepStrictEqual(yield* sweep(), Option.some({ ...nothing, ofErased: tablesOfSegments.length }))
        for (const table of tablesOfSegments) {
          const left = yield* sql`
            SELECT DISTINCT customer_id AS id FROM ${sql(table)} WHERE customer_id IN (${erased.id}, ${other.id})`
          assert.deepStrictEqual(left, [{ id: other.id }], table)
        }
      })
    )

    it.effect("goes on until nothing old is left, however much it is", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`
          INSERT INTO idempotency_keys (key, fingerprint, customer_id, answer, expires_at)
          SELECT 'old' || n, '', gen_random_uuid(), '', '2020-01-01Z' FROM generate_series(1, 2500) n`
        assert.deepStrictEqual(yield* sweep(), Option.some({ ...nothing, idempotencyKeys: 2500 }))
      })
    )
  })
}

layer(besideAnother, { excludeTestServices: true })("housekeeping of several processes", (it) => {
  it.effect("is left to the one that is at it", () =>
    Effect.gen(function* () {
      yield* withExpiry(-1)
      const { letGo } = yield* locking((sql) => sql`SELECT pg_advisory_xact_lock(8007, 1)`)
      assert.deepStrictEqual(yield* sweep(), Option.none())
      yield* letGo
      assert.deepStrictEqual(yield* sweep(), Option.some({ ...nothing, tokens: 1, idempotencyKeys: 1 }))
    })
  )
})
