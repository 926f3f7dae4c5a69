import {
  type Change,
  CorrelationId,
  type Customer,
  type CustomerId,
  CustomerNotFound,
  CustomerRepository,
  type Once,
  ReviewBell
} from "@customer-service/core"
import { DateTime, Effect, Layer, Option, type Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"
import { expectEpoch, hasRecords, hold, keepRecords, recordsOf, spendToken } from "./changeRecords.ts"
import { recordRows, save, stateRow } from "./changeRows.ts"
import * as customerParts from "./customerParts.ts"
import { addressRow, type CustomerRow, customerOf } from "./CustomerRow.ts"
import { answered, keyRow } from "./idempotencyKeys.ts"
import { listCustomers } from "./listCustomers.ts"
import { OutboxBell, ringing } from "./OutboxBell.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { makeRoom, saveAddresses } from "./saveCustomers.ts"
import { orEmailTaken } from "./storageErrors.ts"
import { makeTurns } from "./turns.ts"

/** How {@link layer} reads: the parts of a customer joined in one round trip, or one after the other. */
export interface PgCustomerRepositoryOptions {
  readonly parallelLoading: boolean
}

const joined = `SELECT ${customerParts.joined.select} FROM ${customerParts.joined.from} WHERE c.erased_at IS NULL`
const oneJoined = `${joined} AND c.id = $1`
const manyJoined = `${joined} AND c.id = ANY($1::uuid[])`

/** Whether a change of nothing about the customer herself has something to write all the same. */
const bringsMore = (change: Change): boolean =>
  change.consents.length + change.events.length + (change.audits?.length ?? 0) > 0 || hasRecords(change)

const make = Effect.fnUntraced(function* (options: PgCustomerRepositoryOptions) {
  const sql = yield* SqlClient.SqlClient
  const replicas = yield* ReadReplicas
  const random = yield* SecureRandom.SecureRandom
  const reviewBell = yield* ReviewBell
  const rung = ringing(yield* OutboxBell)
  const inTurn = makeTurns<CustomerId>()

  const loadJoined = (id: CustomerId) => sql.unsafe<CustomerRow>(oneJoined, [id])

  /** All parts from one snapshot: a write between two of them must not show in the later one alone. */
  const loadOneByOne = (id: CustomerId) =>
    sql.withTransaction(
      Effect.gen(function* () {
        yield* sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`
        const parts = yield* Effect.forEach(customerParts.oneByOne, (query) =>
          sql.unsafe<Partial<CustomerRow>>(query, [id])
        )
        return parts[0]?.length === 0 ? [] : [Object.assign({}, ...parts.flat()) as CustomerRow]
      })
    )

  const load = options.parallelLoading ? loadJoined : loadOneByOne

  const find = (id: CustomerId) =>
    Effect.flatMap(load(id), ([row]) =>
      row === undefined ? Effect.fail(new CustomerNotFound({ customerId: id })) : Effect.succeed(customerOf(row))
    )

  const rowsOf = Effect.fnUntraced(function* (change: Change, before: Customer | undefined, once: Once | undefined) {
    const { customer } = change
    const correlationId = yield* CorrelationId
    return {
      ...(yield* recordRows(change)),
      customers: customer === before ? [] : [stateRow(change, before, correlationId)],
      keys: once === undefined ? [] : [keyRow(once, customer, yield* DateTime.now)]
    }
  })

  /**
   * Answers whether the customer was still as the change takes her to be; otherwise nothing was written. One statement
   * does, but for a change of addresses, and for records: they are written under the lock of her row.
   */
  const write = Effect.fnUntraced(
    function* (change: Change, before: Customer | undefined, once: Once | undefined) {
      const { customer } = change
      const rows = yield* rowsOf(change, before, once)
      const records = recordsOf(change, before)
      const addresses = before?.addresses ?? []
      const moves = customer.addresses !== addresses && customer.addresses.length + addresses.length > 0
      if (customer !== before && !moves && !hasRecords(records)) return yield* save(sql, rows)
      return yield* sql.withTransaction(
        Effect.gen(function* () {
          if (customer === before) {
            if (!(yield* hold(sql, customer))) return false
            yield* expectEpoch(sql, change)
          }
          if (!(yield* save(sql, rows))) return false
          if (moves) yield* writeAddresses(customer, addresses)
          yield* spendToken(sql, change)
          yield* keepRecords(sql, customer, records)
          return true
        })
      )
    },
    Effect.provideService(SecureRandom.SecureRandom, random),
    Effect.provideService(ReviewBell, reviewBell),
    (written, { events }) => (events.length === 0 ? written : rung(written))
  )

  const writeAddresses = Effect.fnUntraced(function* (customer: Customer, before: Customer["addresses"]) {
    const changed = customer.addresses.filter((address) => !before.includes(address))
    const ids = (addresses: Customer["addresses"]) => addresses.map((address) => address.id)
    yield* sql.unsafe(makeRoom, [customer.id, ids(customer.addresses), ids(changed)])
    yield* sql.unsafe(saveAddresses, [JSON.stringify(changed.map((address) => addressRow(address, customer.id)))])
  })

  const writeNew = (change: Change, key: Once | undefined) =>
    Effect.flatMap(write(change, undefined, key), (saved) =>
      saved ? Effect.succeed(change.customer) : Effect.die(new Error("A customer of this id is there already"))
    )

  /** A twin that lost the race finds its answer under the key, whatever it lost the race by. */
  const once = <A, E, R>(key: Once | undefined, attempt: Effect.Effect<A, E, R>) =>
    key === undefined
      ? attempt
      : Effect.andThen(
          answered(sql, key),
          Effect.catchCause(attempt, (cause) => Effect.andThen(answered(sql, key), Effect.failCause(cause)))
        )

  /**
   * Reads, decides and writes if nobody else wrote meanwhile; else once more, on what the other wrote. The check and
   * the write are one statement, so that no lock is held while this process decides.
   */
  const decideAndWrite = Effect.fnUntraced(function* <E>(
    id: CustomerId,
    decide: (customer: Customer) => Result.Result<Change, E>,
    key: Once | undefined
  ) {
    const attempt = Effect.gen(function* () {
      const current = yield* find(id)
      const change = yield* Effect.fromResult(decide(current))
      if (change.customer === current && key === undefined && !bringsMore(change)) return Option.some(current)
      if (yield* orEmailTaken(write(change, current, key))) return Option.some(change.customer)
      yield* expectEpoch(sql, change)
      return Option.none<Customer>()
    })
    while (true) {
      const written = yield* once(key, attempt)
      if (Option.isSome(written)) return written.value
    }
  })

  return CustomerRepository.CustomerRepository.of({
    get: (id) => answering(find(id)),
    getMany: Effect.fnUntraced(function* (ids) {
      const rows = yield* sql.unsafe<CustomerRow>(manyJoined, [[...ids]])
      const found = new Map(rows.map(customerOf).map((customer) => [customer.id, customer]))
      return ids.flatMap((id) => found.get(id) ?? [])
    }, answering),
    findByLegacyId: Effect.fnUntraced(function* (legacyId) {
      const rows = yield* sql<{ id: CustomerId }>`
        SELECT id FROM customers WHERE legacy_id = ${legacyId} AND erased_at IS NULL`
      return Option.map(Option.fromNullishOr(rows[0]), (row) => row.id)
    }, answering),
    list: (query) => answering(replicas.read((client) => listCustomers(client, query))),
    insert: (change, key) => answering(once(key, orEmailTaken(writeNew(change, key)))),
    modify: (id, decide, key) => answering(inTurn(id, decideAndWrite(id, decide, key)))
  })
})

/** Customers in PostgreSQL, or in PGlite behind the same client; lists are read from the replicas. */
export const layer = (
  options: PgCustomerRepositoryOptions = { parallelLoading: true }
): Layer.Layer<
  CustomerRepository.CustomerRepository,
  never,
  SqlClient.SqlClient | ReadReplicas | SecureRandom.SecureRandom
> => Layer.effect(CustomerRepository.CustomerRepository, make(options))
