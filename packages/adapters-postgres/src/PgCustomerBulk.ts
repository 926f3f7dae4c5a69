import {
  type Change,
  type Customer,
  type CustomerId,
  EmailTaken,
  ReviewBell,
  type StorageUnavailable
} from "@customer-service/core"
import { Context, Effect, Layer, Schema, Struct } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { hasRecords, keepRecords, recordsOf } from "./changeRecords.ts"
import { recordRows, save, stateRow } from "./changeRows.ts"
import { addressRow } from "./CustomerRow.ts"
import { OutboxBell, ringing } from "./OutboxBell.ts"
import { saveAddresses } from "./saveCustomers.ts"
import { orEmailTaken, orUnavailable } from "./storageErrors.ts"

/** Some of the customers that were to be written are there already. */
export class CustomersExist extends Schema.TaggedError<CustomersExist>()("CustomersExist", {}) {}

/** Writes many new customers at a time, with the same rows as one by one: for filling and importing. */
export class PgCustomerBulk extends Context.Service<
  PgCustomerBulk,
  {
    /** How many of these customers are there. */
    readonly count: (ids: ReadonlyArray<CustomerId>) => Effect.Effect<number, StorageUnavailable>
    /**
     * Writes new customers with all that happened to them, in one transaction. The changes of a customer stand in
     * their order, and the last holds her as she is from then on. Where one of the customers is there already
     * or an address is taken, nothing is written.
     */
    readonly insertAll: (
      changes: ReadonlyArray<Change>
    ) => Effect.Effect<void, CustomersExist | EmailTaken | StorageUnavailable>
  }
>()("@customer-service/adapters-postgres/PgCustomerBulk") {}

/** What counts of earlier changes as long as no later one brings another. */
const lasting = (change: Change | undefined): Pick<Change, "passwordHash" | "standing"> =>
  change === undefined ? {} : Struct.pick(change, ["passwordHash", "standing"])

/** The last change of each customer, with the password and the standing that she had last. */
const lastOfEach = (changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const last = new Map<Customer["id"], Change>()
  for (const change of changes) last.set(change.customer.id, { ...lasting(last.get(change.customer.id)), ...change })
  return [...last.values()]
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const reviewBell = yield* ReviewBell
  const rung = ringing(yield* OutboxBell)

  // Planned anew each time: the plan for a table that was empty then would not do for one that has filled since.
  const present = (ids: ReadonlyArray<CustomerId>) =>
    Effect.map(
      sql<{ present: number }>`
        SELECT count(*)::int AS present FROM unnest(${[...ids]}::uuid[]) AS wanted(id) JOIN customers USING (id)`
        .unprepared,
      ([row]) => row?.present ?? 0
    )

  const write = Effect.fnUntraced(
    function* (changes: ReadonlyArray<Change>) {
      const states = lastOfEach(changes)
      if ((yield* present(states.map(({ customer }) => customer.id))) > 0) return yield* new CustomersExist()
      const records = yield* Effect.forEach(changes, recordRows)
      const saved = yield* save(sql, {
        customers: states.map((change) => stateRow(change)),
        consents: records.flatMap(({ consents }) => consents),
        events: records.flatMap(({ events }) => events),
        audits: records.flatMap(({ audits }) => audits),
        keys: []
      })
      // Another writer of the same customers came in between.
      if (!saved) return yield* new CustomersExist()
      const addresses = states.flatMap(({ customer: { addresses: book, id } }) =>
        book.map((address) => addressRow(address, id))
      )
      yield* sql.unsafe(saveAddresses, [JSON.stringify(addresses)])
      for (const change of changes) {
        const beside = recordsOf(change, undefined)
        if (hasRecords(beside)) yield* keepRecords(sql, change.customer, beside)
      }
    },
    Effect.provideService(SecureRandom.SecureRandom, random),
    Effect.provideService(ReviewBell, reviewBell)
  )

  return PgCustomerBulk.of({
    count: (ids) => orUnavailable(present(ids)),
    insertAll: (changes) => rung(orUnavailable(orEmailTaken(sql.withTransaction(write(changes)))))
  })
})

/** The bulk writer of PostgreSQL, or of PGlite behind the same client. */
export const layer: Layer.Layer<PgCustomerBulk, never, SqlClient.SqlClient | SecureRandom.SecureRandom> = Layer.effect(
  PgCustomerBulk,
  make
)
