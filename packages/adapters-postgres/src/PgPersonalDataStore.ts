import {
  CustomerErased,
  type CustomerId,
  envelop,
  type ErasedPlace,
  PersonalDataStore,
  type Remainder
} from "@customer-service/core"
import { DateTime, Effect, Layer, type Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { save } from "./changeRows.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { claimErasures, findErasure, finishErasure } from "./erasureRequests.ts"
import { hasErased, type LastSeen, progressOf, readProgress, writeProgress } from "./erasureProgress.ts"
import { keptNeedles, type Needles, readNeedles } from "./identifiers.ts"
import { OutboxBell, ringing } from "./OutboxBell.ts"
import { personalData } from "./personalData.ts"
import { erasureOf, exportOf, remaindersOf, type TableErasure } from "./personalDataStatements.ts"
import { keepRules } from "./segmentLock.ts"
import { orUnavailable } from "./storageErrors.ts"

/** How {@link layer} hashes mail addresses and phones: `key` is a secret of the service, the same in all its processes. */
export interface PgPersonalDataStoreOptions {
  readonly key: Redacted.Redacted
}

const store = "database"

const erasures = personalData.flatMap(erasureOf)
const lookingAgain = personalData.flatMap(remaindersOf)
const exports = personalData.flatMap((table) =>
  table.hers === undefined ? [] : [[table.name, exportOf(table)] as const]
)

const make = Effect.fnUntraced(function* ({ key }: PgPersonalDataStoreOptions) {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const rung = ringing(yield* OutboxBell)

  const given = (id: CustomerId, { hashes, salt }: Pick<Needles, "hashes" | "salt">) => [id, salt, [...hashes]]

  const eraseTable = Effect.fnUntraced(function* (
    { place, statement }: TableErasure,
    parameters: ReturnType<typeof given>
  ) {
    const [row] = yield* sql.unsafe<{ readonly count: number }>(statement, parameters)
    const count = row?.count ?? 0
    return count === 0 ? [] : [{ store, ...place, count } satisfies ErasedPlace]
  })

  const eraseAll = (parameters: ReturnType<typeof given>) =>
    Effect.forEach(erasures, (erasure) => eraseTable(erasure, parameters))

  /** Ends the customer: she keeps her id, and her version tells every cache that it is out of date. */
  const end = Effect.fnUntraced(
    function* (id: CustomerId, version: number, now: DateTime.Utc) {
      const moment = DateTime.toDateUtc(now)
      yield* sql`
      UPDATE customers SET status = 'inactive', deleted_at = coalesce(deleted_at, ${moment}), erased_at = ${moment},
        updated_at = ${moment}, version = ${version}
      WHERE id = ${id}`
      const event = new CustomerErased({ customerId: id, version, erasedAt: now })
      const events = yield* envelop({ id, version, updatedAt: now }, [event])
      yield* save(sql, { customers: [], consents: [], events, keys: [], audits: [] })
    },
    Effect.provideService(SecureRandom.SecureRandom, random)
  )

  /** Locks her row before any other, as every change does. */
  const lastSeen = (id: CustomerId) =>
    Effect.map(
      sql<LastSeen>`
        SELECT legacy_id::float8 AS "legacyId", version FROM customers WHERE id = ${id} FOR UPDATE`,
      ([row]) => row
    )

  const erase = Effect.fnUntraced(function* (id: CustomerId) {
    yield* sql.unsafe(keepRules)
    const customer = yield* lastSeen(id)
    const request = yield* readProgress(sql, id)
    if (request !== undefined && hasErased(request)) {
      yield* eraseAll(given(id, keptNeedles(key, id, request.needles ?? [])))
      return progressOf(request)
    }
    if (customer === undefined || request?.state !== "running") {
      return yield* Effect.die(new Error("Only a customer whose erasure is running can be erased"))
    }
    const needles = yield* readNeedles(sql, key, id)
    const erased = yield* eraseAll(given(id, needles))
    const tombstone = { ...customer, version: customer.version + 1 }
    yield* end(id, tombstone.version, yield* DateTime.now)
    yield* writeProgress(sql, id, tombstone, needles, erased.flat())
    return progressOf({ ...request, ...tombstone, identifiers: needles.identifiers, erased: erased.flat() })
  })

  const remainders = Effect.fnUntraced(function* (id: CustomerId) {
    const request = yield* readProgress(sql, id)
    const parameters = given(id, keptNeedles(key, id, request?.needles ?? []))
    const found = yield* Effect.forEach(lookingAgain, (statement) =>
      sql.unsafe<Omit<Remainder, "store">>(statement, parameters)
    )
    return found.flat().map((row): Remainder => ({ store, ...row }))
  })

  const exportAll = Effect.fnUntraced(function* (id: CustomerId) {
    yield* sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`
    const parameters = given(id, yield* readNeedles(sql, key, id))
    const places = yield* Effect.forEach(exports, ([place, statement]) =>
      Effect.map(
        sql.unsafe<{ readonly rows: ReadonlyArray<unknown> | null }>(statement, parameters),
        ([row]) => [place, row?.rows ?? []] as const
      )
    )
    return Object.fromEntries(places.filter(([, rows]) => rows.length > 0))
  })

  return PersonalDataStore.of({
    findErasure: (id) => orUnavailable(findErasure(sql, id)),
    claimDue: (claim) => orUnavailable(claimErasures(sql, claim)),
    erase: (id) => rung(orUnavailable(outOfDeadlock(sql.withTransaction(erase(id))))),
    remainders: (id) => orUnavailable(remainders(id)),
    finish: (id, receipt) => orUnavailable(Effect.asVoid(finishErasure(sql, id, receipt))),
    exportOf: (id) => orUnavailable(sql.withTransaction(exportAll(id)))
  })
})

/** What PostgreSQL, or PGlite behind the same client, holds of persons. */
export const layer = (
  options: PgPersonalDataStoreOptions
): Layer.Layer<PersonalDataStore, never, SqlClient.SqlClient | SecureRandom.SecureRandom> =>
  Layer.effect(PersonalDataStore, make(options))
