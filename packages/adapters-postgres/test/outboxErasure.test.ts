import { type CustomerId, EventJournal, Outbox, PersonalDataStore } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import * as PgEventJournal from "../src/PgEventJournal.ts"
import * as PgOutbox from "../src/PgOutbox.ts"
import { everything } from "./support/beside.ts"
import { pglite, postgres } from "./support/database.ts"
import { beginErasure, known } from "./support/people.ts"

const claim = Effect.flatMap(Outbox.Outbox, (outbox) => outbox.claim({ most: 100, leaseSeconds: 60 }))

/** Claims her events, the only ones that there are. */
const claimed = Effect.map(claim, Option.getOrThrow)

const settle = (taken: Outbox.Claim, settlement: Partial<Outbox.Settlement>) =>
  Effect.flatMap(Outbox.Outbox, (outbox) =>
    outbox.settle(taken, { published: [], refused: [], delayed: [], ...settlement })
  )

const erase = Effect.fnUntraced(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  yield* beginErasure(id)
  yield* store.erase(id)
})

const positionsOf = ({ events }: Outbox.Claim) => events.map(({ position }) => position)
const typesOf = ({ events }: Outbox.Claim) => events.map(({ envelope }) => envelope.eventType)
const dueTypes = Effect.fnUntraced(function* (id: CustomerId) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ type: string }>`
    SELECT envelope->>'eventType' AS type FROM outbox_events
    WHERE customer_id = ${id} AND published_at IS NULL AND dropped_at IS NULL ORDER BY id`
  return rows.map(({ type }) => type)
})

const neverAgain = (position: string) => ({ position, reason: "too large", retrySeconds: undefined })

/** Publishes the last that there is of her; nothing else may be due. */
const assertErasedAlone = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const last = yield* claimed
  assert.deepStrictEqual(typesOf(last), ["CustomerErased"])
  yield* settle(last, { published: positionsOf(last) })
  assert.deepStrictEqual(yield* claim, Option.none())
  assert.deepStrictEqual(yield* sql`SELECT outbox_id FROM outbox_refusals`, [])
})

const over = <E>(database: Layer.Layer<SqlClient.SqlClient, E>) =>
  Layer.provideMerge(Layer.mergeAll(everything, PgOutbox.layer, PgEventJournal.layer), database)

for (const [name, services] of [["PGlite", over(pglite)] as const, ["PostgreSQL", over(postgres)] as const]) {
  layer(services, { excludeTestServices: true })(`the events of an erased customer on ${name}`, (it) => {
    it.effect("are not published any more, but that she is erased, though one of them was dead", () =>
      Effect.gen(function* () {
        const { id } = yield* known("+49 30 901820555")
        const taken = yield* claimed
        assert.deepStrictEqual(typesOf(taken), ["CustomerCreated", "AddressBookChanged"])
        yield* settle(taken, { refused: positionsOf(taken).slice(0, 1).map(neverAgain) })
        yield* erase(id)
        yield* assertErasedAlone
      })
    )

    it.effect("are nothing to whoever had claimed them", () =>
      Effect.gen(function* () {
        const { id } = yield* known("+49 30 901820556")
        const taken = yield* claimed
        yield* erase(id)
        yield* settle(taken, { refused: positionsOf(taken).map(neverAgain) })
        yield* assertErasedAlone
      })
    )

    it.effect("are not sent again, whether they were published or not", () =>
      Effect.gen(function* () {
        const journal = yield* EventJournal.EventJournal
        const outbox = yield* Outbox.Outbox
        const { id } = yield* known("+49 30 901820557")
        const taken = yield* claimed
        yield* settle(taken, { published: positionsOf(taken) })
        yield* erase(id)
        yield* assertErasedAlone
        assert.strictEqual(
          yield* journal.replay({ from: DateTime.makeUnsafe(0), customerId: id }, { dryRun: false }),
          1
        )
        yield* assertErasedAlone
        yield* outbox.suspect(3600)
        assert.deepStrictEqual(yield* dueTypes(id), ["CustomerErased"])
      })
    )
  })
}
