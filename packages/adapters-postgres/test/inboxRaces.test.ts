import {
  type CustomerId,
  CustomerRepository,
  CustomerStandings,
  Inbox,
  PersonalDataStore
} from "@customer-service/core"
import { freshWord, registration } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Array, BigDecimal, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { AnotherProcess, besideAnother, locking, untilWaiting } from "./support/anotherProcess.ts"
import { delivery, orderEntry, receive, restating } from "./support/deliveries.ts"
import { beginErasure } from "./support/people.ts"

const atOnce = { concurrency: "unbounded" } as const

const someone = Effect.gen(function* () {
  const customers = yield* CustomerRepository.CustomerRepository
  return (yield* customers.insert(registration())).id
})

const spending = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings.CustomerStandings
  const { orderCount, totalSpent } = (yield* standings.find(id)).customer.segment
  return [BigDecimal.format(totalSpent), orderCount]
})

/** Batches, taken in by this process and another in turn. */
const receiveAll = Effect.fnUntraced(function* (batches: ReadonlyArray<ReadonlyArray<Inbox.Delivery>>) {
  const here = yield* Inbox.Inbox
  const { inbox: there } = yield* AnotherProcess
  return yield* Effect.forEach(
    batches,
    (batch, index) => (index % 2 === 0 ? here : there).receive(batch, restating),
    atOnce
  )
})

/** What her orders come to by the rows that there are. */
const byRows = Effect.fnUntraced(function* (id: CustomerId) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ total: string }>`SELECT total::text AS total FROM customer_orders WHERE customer_id = ${id}`
  const total = rows.reduce(
    (sum, row) => BigDecimal.sum(sum, BigDecimal.fromStringUnsafe(row.total)),
    BigDecimal.make(0n, 0)
  )
  return [BigDecimal.format(total), rows.length]
})

/** Who has an order, by which message. */
const ownersOf = Effect.fnUntraced(function* (orderId: string) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ id: CustomerId; eventId: string }>`
    SELECT customer_id AS id, event_id AS "eventId" FROM customer_orders WHERE order_id = ${orderId}`
  return rows.map(({ eventId, id }) => ({ eventId, customer: { _tag: "Id", id } }))
})

/** Who should have it, by which message. */
const lastTold = (told: ReadonlyArray<Inbox.Delivery>, orderId: string): ReadonlyArray<unknown> =>
  told
    .flatMap(({ customer, eventId, fact }) =>
      fact._tag === "Order" && fact.order.orderId === orderId ? [{ eventId, customer, at: fact.order.occurredAt }] : []
    )
    .toSorted((one, other) => one.at.epochMilliseconds - other.at.epochMilliseconds)
    .slice(-1)
    .map(({ customer, eventId }) => ({ eventId, customer }))

layer(besideAnother, { excludeTestServices: true })("messages that two processes take in at once", (it) => {
  it.effect("count once, also where both have the same ones", () =>
    Effect.gen(function* () {
      const ids = yield* Effect.all(Array.replicate(someone, 5))
      const batch = ids.flatMap((id) => [delivery(id, orderEntry("10")), delivery(id, orderEntry("5"))])
      const received = yield* receiveAll([batch, batch.toReversed(), batch, batch.toReversed()])
      const fates = received.flatMap((each) => each.fates)
      assert.lengthOf(
        fates.filter((fate) => fate === "applied"),
        10
      )
      for (const id of ids) assert.deepStrictEqual(yield* spending(id), ["15", 2])
      const versions = yield* Effect.forEach(ids, (id) =>
        Effect.flatMap(CustomerRepository.CustomerRepository, (customers) => customers.get(id))
      )
      assert.deepStrictEqual(
        versions.map(({ version }) => version),
        Array.replicate(2, 5)
      )
    })
  )

  it.effect("leave each order to the customer whom it was told of last, and every figure to its orders", () =>
    Effect.gen(function* () {
      for (const together of [1, 6]) {
        const ids = yield* Effect.all(Array.replicate(someone, 6))
        const orderIds = Array.makeBy(6, () => freshWord())
        const told = Array.makeBy(24, (round) =>
          orderIds.flatMap((orderId, place) =>
            ids
              .slice((round * 5 + place * 3) % 6)
              .slice(0, 1)
              .map((id) => delivery(id, orderEntry(`${round + 1}.25`, (round * 11) % 24, { orderId })))
          )
        )
        const batches = Array.chunksOf(told.flat(), together)
        yield* receiveAll(batches.map((batch, index) => (index % 3 === 0 ? batch.toReversed() : batch)))
        for (const orderId of orderIds) assert.deepStrictEqual(yield* ownersOf(orderId), lastTold(told.flat(), orderId))
        for (const id of ids) assert.deepStrictEqual(yield* spending(id), yield* byRows(id))
      }
    })
  )

  it.effect("are decided on what another change has written meanwhile", () =>
    Effect.gen(function* () {
      const id = yield* someone
      const { letGo } = yield* locking((sql) =>
        Effect.andThen(
          sql`UPDATE customers SET version = version + 1, first_name = 'Zoë' WHERE id = ${id}`,
          sql`UPDATE customer_metrics SET review_at = '2040-01-01Z' WHERE customer_id = ${id}`
        )
      )
      const { received } = yield* Effect.all(
        {
          received: receive([delivery(id, orderEntry("10"))]),
          released: Effect.andThen(untilWaiting(1), letGo)
        },
        atOnce
      )
      const [customer] = received.customers
      assert.strictEqual(customer?.version, 3)
      assert.strictEqual(customer?.profile.firstName, "Zoë")
      assert.deepStrictEqual(yield* spending(id), ["10", 1])
    })
  )

  it.effect("leave nothing behind of a customer who is erased meanwhile", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const sql = yield* SqlClient.SqlClient
      for (const round of Array.range(1, 5)) {
        const [id, heir] = [yield* someone, yield* someone]
        const moving = orderEntry("40", 1)
        yield* receive([delivery(id, moving)])
        yield* beginErasure(id)
        const batches = Array.makeBy(6, (index) => [
          delivery(id, orderEntry("10", index)),
          delivery(heir, orderEntry("1", index)),
          ...(index === round ? [delivery(heir, orderEntry("40", 20, { orderId: moving.orderId }))] : [])
        ])
        yield* Effect.all([receiveAll(batches), store.erase(id)], atOnce)
        assert.deepStrictEqual(yield* store.remainders(id), [])
        assert.deepStrictEqual(yield* spending(heir), yield* byRows(heir))
        const names = yield* sql<{ id: string }>`SELECT order_id AS id FROM customer_orders WHERE customer_id = ${id}`
        for (const order of names) assert.match(order.id, /^erased-/)
      }
    })
  )
})
