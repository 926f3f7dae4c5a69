import { EventJournal, Outbox } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Fiber, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import * as PgEventJournal from "../src/PgEventJournal.ts"
import * as PgOutbox from "../src/PgOutbox.ts"
import { postgres } from "./support/database.ts"
import { writeEvents } from "./support/writtenEvents.ts"

const [customers, eventsOfEach] = [100, 10]
const everything = 2 * customers * eventsOfEach

const manyPublished = Layer.effectDiscard(
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* writeEvents(customers, eventsOfEach)
    yield* sql`SELECT setval(pg_get_serial_sequence('outbox_events', 'id'), 100000)`
    yield* writeEvents(customers, eventsOfEach)
    yield* sql`UPDATE outbox_events SET published_at = now()`
  })
)

const services = Layer.mergeAll(PgOutbox.layer, PgEventJournal.layer, manyPublished).pipe(Layer.provideMerge(postgres))

const replayAll = Effect.flatMap(EventJournal.EventJournal, (journal) =>
  journal.replay({ from: DateTime.makeUnsafe(0) }, { dryRun: false })
)

const settle = (claim: Outbox.Claim, published: ReadonlyArray<string>) =>
  Effect.flatMap(Outbox.Outbox, (outbox) => outbox.settle(claim, { published, refused: [], delayed: [] }))

/** Claims what is due in the last partition, that of the customers whose ids end with an f. */
const claimLast = Effect.gen(function* () {
  const outbox = yield* Outbox.Outbox
  while (true) {
    const claim = Option.getOrThrow(yield* outbox.claim({ most: 10_000, leaseSeconds: 60 }))
    if (claim.partition === 15) return claim
    yield* settle(claim, [])
  }
})

/** How many of the earlier events are still published: of customers in the last partition, and of all others. */
const stillPublished = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ last: number; others: number }>`
    SELECT count(*) FILTER (WHERE customer_id::text LIKE '%f')::int AS last,
      count(*) FILTER (WHERE customer_id::text NOT LIKE '%f')::int AS others
    FROM outbox_events WHERE published_at IS NOT NULL AND customer_version < ${eventsOfEach}`
  return row
})

layer(services, { excludeTestServices: true })("a replay of events that stand far apart", (it) => {
  it.effect("has each of them published again, and holds nothing afterwards", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      assert.strictEqual(yield* replayAll, everything)
      assert.deepStrictEqual(yield* sql`SELECT id FROM outbox_events WHERE published_at IS NOT NULL`, [])
      assert.deepStrictEqual(yield* sql`SELECT partition FROM outbox_partitions WHERE ticket IS NOT NULL`, [])
      assert.strictEqual(yield* replayAll, 0)
    })
  )

  it.effect("waits for whoever publishes a partition's events just now", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE outbox_events SET published_at = now() WHERE customer_version < ${eventsOfEach}`
      const claim = yield* claimLast
      const before = yield* stillPublished
      const replaying = yield* Effect.forkChild(replayAll)
      const meanwhile = yield* Effect.repeat(stillPublished, { until: (count) => count?.others === 0 })
      assert.strictEqual(meanwhile?.last, before?.last)
      yield* settle(
        claim,
        claim.events.map(({ position }) => position)
      )
      yield* Fiber.join(replaying)
      assert.deepStrictEqual(yield* stillPublished, { last: 0, others: 0 })
    })
  )
})
