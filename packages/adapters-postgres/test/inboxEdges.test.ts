import { CustomerRepository, Inbox, LegacyId } from "@customer-service/core"
import { freshCustomerId, freshWord, registration, StoredFacts } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Array, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { OutboxBell } from "../src/OutboxBell.ts"
import { everything } from "./support/beside.ts"
import { pglite, postgres } from "./support/database.ts"
import { delivery, deliveryTo, orderEntry, receive } from "./support/deliveries.ts"

const someone = Effect.gen(function* () {
  const customers = yield* CustomerRepository.CustomerRepository
  return (yield* customers.insert(registration())).id
})

const senseless = (details: Partial<Inbox.Undeliverable> = {}): Inbox.Undeliverable => ({
  _tag: "Undeliverable",
  topic: "orders.order.completed",
  eventId: freshWord(),
  reason: "malformed",
  detail: "data is missing",
  message: null,
  ...details
})

/** How often the bell was rung by now. */
const strokes = { count: 0 }

const bell = Layer.succeed(OutboxBell, {
  ring: Effect.sync(() => void (strokes.count += 1)),
  listen: Effect.succeed(Effect.never)
})

/** How often an effect rings the bell. */
const ringsOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    strokes.count = 0
    return Effect.map(effect, () => strokes.count)
  })

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  layer(Layer.provideMerge(Layer.provide(everything, bell), database))(`the inbox on ${name}`, (it) => {
    it.effect("keeps messages whose ids and topics the database cannot hold as they are", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox.Inbox
        const word = freshWord()
        const odd = senseless({ eventId: `${word}\0-\ud800`, topic: "x\0", detail: "\0".repeat(2000) })
        const long = senseless({ eventId: `${word}${"x".repeat(20_000)}`, detail: "y".repeat(20_000) })
        assert.deepStrictEqual((yield* receive([odd, long, odd, long])).fates, ["dead", "dead", "dead", "dead"])
        const letters = (yield* inbox.dead(1000)).filter(({ eventId }) => eventId.startsWith(word))
        assert.sameMembers(
          letters.map(({ eventId }) => eventId),
          [`${word}-\ufffd`, `${word}${"x".repeat(200 - word.length)}`]
        )
      })
    )

    it.effect("rings where events were written, and only there", () =>
      Effect.gen(function* () {
        const id = yield* someone
        const message = delivery(id, orderEntry("5"))
        assert.strictEqual(yield* ringsOf(receive([message])), 0)
        assert.strictEqual(yield* ringsOf(receive([delivery(id, orderEntry("1500"))])), 1)
        assert.strictEqual(yield* ringsOf(receive([message, delivery(freshCustomerId(), orderEntry("1"))])), 0)
        const letter = senseless()
        assert.strictEqual(yield* ringsOf(receive([letter])), 1)
        assert.strictEqual(yield* ringsOf(receive([letter])), 0)
        assert.strictEqual(yield* ringsOf(receive([])), 0)
      })
    )

    it.effect("sees through a batch in which everything comes at once", () =>
      Effect.gen(function* () {
        const inbox = yield* Inbox.Inbox
        const before = yield* inbox.counts
        const [id, other] = [yield* someone, yield* someone]
        const order = orderEntry("10")
        const applied = delivery(id, order)
        const unknown = delivery(freshCustomerId(), orderEntry("1"))
        const given = senseless({ eventId: applied.eventId, topic: applied.topic })
        const { customers, fates } = yield* receive([
          given,
          applied,
          given,
          applied,
          unknown,
          unknown,
          senseless({ eventId: unknown.eventId, topic: unknown.topic }),
          delivery(other, { ...order, eventId: freshWord(), occurredAt: orderEntry("1", 5).occurredAt }),
          delivery(id, { ...order, eventId: freshWord(), occurredAt: orderEntry("1", -5).occurredAt })
        ])
        assert.deepStrictEqual(fates, [
          "dead",
          "applied",
          "known",
          "known",
          "parked",
          "parked",
          "dead",
          "applied",
          "applied"
        ])
        assert.deepStrictEqual(yield* inbox.counts, { parked: before.parked, dead: before.dead + 1 })
        assert.sameDeepMembers(
          customers.map((customer) => [customer.id, customer.segment.orderCount, customer.version]),
          [
            [id, 0, 1],
            [other, 1, 2]
          ]
        )
      })
    )

    it.effect("tells by which message a customer came to another tier, of several in a batch", () =>
      Effect.gen(function* () {
        const facts = yield* StoredFacts
        const [id, other] = [yield* someone, yield* someone]
        const told = Array.makeBy(3, (index) => ({
          ...delivery(id, orderEntry("900", 10 - index)),
          correlationId: `correlation-${index}`
        }))
        yield* receive([...told, { ...delivery(other, orderEntry("900")), correlationId: "another" }])
        const events = yield* facts.events(id)
        const correlations = events.slice(1).map(({ envelope }) => envelope.metadata.correlationId)
        assert.deepStrictEqual(correlations, ["correlation-2", "correlation-2"])
      })
    )

    it.effect("finds by the mapping of an import who was erased, and whom Magento's id belongs to", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const [gone, there] = [yield* someone, yield* someone]
        yield* sql`UPDATE customers SET erased_at = now() WHERE id = ${gone}`
        yield* sql`
          INSERT INTO migration_id_mapping (entity_type, legacy_id, new_id)
          VALUES ('customer', 4000000001, ${gone}), ('customer', 4000000002, ${there}), ('address', 4000000003, ${there})`
        const referred = Array.makeBy(3, (index) =>
          deliveryTo({ _tag: "LegacyId", legacyId: LegacyId.make(4_000_000_001 + index) }, orderEntry("10"))
        )
        const { customers, fates } = yield* receive(referred)
        assert.deepStrictEqual(fates, ["known", "applied", "parked"])
        assert.deepStrictEqual(
          customers.map((customer) => customer.id),
          [there]
        )
      })
    )
  })
}
