import {
  type Change,
  type Customer,
  type CustomerId,
  CustomerNotFound,
  CustomerRepository,
  envelop,
  type Once
} from "@customer-service/core"
import { DateTime, Effect, Layer, Option, type Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import * as customerParts from "./customerParts.ts"
import { type CustomerRow, customerOf, rowOf } from "./CustomerRow.ts"
import { answered, keyRow } from "./idempotencyKeys.ts"
import { listCustomers } from "./listCustomers.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { makeRoom, saveAddresses, saveCustomers } from "./saveCustomers.ts"
import { orEmailTaken, orUnavailable } from "./storageErrors.ts"

/** How {@link layer} reads: the parts of a customer joined in one round trip, or one after the other. */
export interface PgCustomerRepositoryOptions {
  readonly parallelLoading: boolean
}

const make = Effect.fnUntraced(function* (options: PgCustomerRepositoryOptions) {
  const sql = yield* SqlClient.SqlClient
  const replicas = yield* ReadReplicas
  const random = yield* SecureRandom.SecureRandom

  const loadJoined = (id: CustomerId) =>
    sql.unsafe<CustomerRow>(`SELECT ${customerParts.joined.select} FROM ${customerParts.joined.from} WHERE c.id = $1`, [
      id
    ])

  const loadOneByOne = Effect.fnUntraced(function* (id: CustomerId) {
    const parts = yield* Effect.forEach(customerParts.oneByOne, (query) =>
      sql.unsafe<Partial<CustomerRow>>(query, [id])
    )
    return parts[0]?.length === 0 ? [] : [Object.assign({}, ...parts.flat()) as CustomerRow]
  })

  const load = options.parallelLoading ? loadJoined : loadOneByOne

  const find = (id: CustomerId) =>
    Effect.flatMap(load(id), ([row]) =>
      row === undefined ? Effect.fail(new CustomerNotFound({ customerId: id })) : Effect.succeed(customerOf(row))
    )

  /** Locks first, then reads: a joined SELECT … FOR UPDATE would see its other tables as they were before the wait. */
  const lock = (id: CustomerId) =>
    Effect.map(
      Effect.all([sql`SELECT 1 FROM customers WHERE id = ${id} FOR UPDATE`, find(id)], { concurrency: 2 }),
      ([, customer]) => customer
    )

  const write = Effect.fnUntraced(function* (change: Change, before: Customer | undefined, once: Once | undefined) {
    const { customer, consents, events, passwordHash } = change
    const envelopes = yield* Effect.provideService(envelop(customer, events), SecureRandom.SecureRandom, random)
    const row = rowOf(customer)
    const ledger = consents.map((consent) => ({
      ...consent,
      customerId: customer.id,
      at: DateTime.formatIso(consent.at)
    }))
    const keys = once === undefined ? [] : [keyRow(once, customer, yield* DateTime.now)]
    const customers = change.customer === before ? [] : [{ ...row.customer, passwordHash }]
    yield* sql.unsafe(
      saveCustomers,
      [customers, ledger, envelopes, keys].map((rows) => JSON.stringify(rows))
    )
    if (customer.addresses !== (before?.addresses ?? customer.addresses)) {
      yield* writeAddresses(customer, before?.addresses ?? [], row.addresses)
    }
    return customer
  })

  const writeAddresses = Effect.fnUntraced(function* (
    customer: Customer,
    before: Customer["addresses"],
    rows: ReturnType<typeof rowOf>["addresses"]
  ) {
    const changed = rows.filter(
      (_, index) => !before.includes(customer.addresses[index] as Customer["addresses"][number])
    )
    const ids = (addresses: ReadonlyArray<{ readonly id: string }>) => addresses.map((address) => address.id)
    yield* sql.unsafe(makeRoom, [customer.id, ids(rows), ids(changed)])
    yield* sql.unsafe(saveAddresses, [
      JSON.stringify(changed.map((address) => ({ ...address, customerId: customer.id })))
    ])
  })

  /** A twin that lost the race finds its answer under the key, whatever it lost the race by. */
  const once = <A, E, R>(key: Once | undefined, attempt: Effect.Effect<A, E, R>) =>
    key === undefined
      ? attempt
      : Effect.andThen(
          answered(sql, key),
          Effect.catchCause(attempt, (cause) => Effect.andThen(answered(sql, key), Effect.failCause(cause)))
        )

  return CustomerRepository.CustomerRepository.of({
    get: (id) => orUnavailable(find(id)),
    getMany: Effect.fnUntraced(function* (ids) {
      const rows = yield* sql.unsafe<CustomerRow>(
        `SELECT ${customerParts.joined.select} FROM ${customerParts.joined.from} WHERE c.id = ANY($1::uuid[])`,
        [[...ids]]
      )
      const found = new Map(rows.map(customerOf).map((customer) => [customer.id, customer]))
      return ids.flatMap((id) => found.get(id) ?? [])
    }, orUnavailable),
    findByLegacyId: Effect.fnUntraced(function* (legacyId) {
      const rows = yield* sql<{ id: CustomerId }>`SELECT id FROM customers WHERE legacy_id = ${legacyId}`
      return Option.map(Option.fromNullishOr(rows[0]), (row) => row.id)
    }, orUnavailable),
    list: (query) => orUnavailable(replicas.read((client) => listCustomers(client, query))),
    insert: (change, key) => orUnavailable(once(key, orEmailTaken(sql.withTransaction(write(change, undefined, key))))),
    modify: <E>(id: CustomerId, decide: (customer: Customer) => Result.Result<Change, E>, key?: Once) => {
      const attempt = Effect.gen(function* () {
        const current = yield* lock(id)
        const change = yield* Effect.fromResult(decide(current))
        return yield* write(change, current, key)
      })
      return orUnavailable(once(key, sql.withTransaction(attempt)))
    }
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
