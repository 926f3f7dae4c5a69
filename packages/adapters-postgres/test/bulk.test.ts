import {
  AddressId,
  type Change,
  CustomerDecisions,
  CustomerRepository,
  CustomerStandings,
  StandingDecisions,
  StandingPolicy
} from "@customer-service/core"
import { plain, registration, StoredFacts } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { BigDecimal, DateTime, Effect, Layer, Option, Result, Struct } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import * as PgCustomerBulk from "../src/PgCustomerBulk.ts"
import * as PgCustomerStandings from "../src/PgCustomerStandings.ts"
import * as ReadReplicas from "../src/ReadReplicas.ts"
import { pglite, postgres } from "./support/database.ts"
import { repository } from "./support/repository.ts"

const bulk = Layer.mergeAll(PgCustomerBulk.layer, PgCustomerStandings.layer, repository()).pipe(
  Layer.provide(ReadReplicas.layerPrimary),
  Layer.provide(SecureRandom.layerWebCrypto)
)

const address = { street: "1 Main Street", city: "Springfield", country: "US" }

/** Somebody who registers and then adds an address. */
const history = (): readonly [Change, Change] => {
  const registered = registration()
  const { actor, now } = { actor: { kind: "service", subject: "test", scopes: new Set<string>() } as const, now: later }
  const id = AddressId.make(SecureRandom.uuidV7Unsafe())
  const moved = CustomerDecisions.addAddress(registered.customer, address, id, 10, { actor, now })
  return [registered, Result.getOrThrow(moved)]
}

const later = DateTime.makeUnsafe("2031-05-06T13:00:00.000Z")

const insertAll = (changes: ReadonlyArray<Change>) =>
  Effect.flatMap(PgCustomerBulk.PgCustomerBulk, (writer) => writer.insertAll(changes))

const stored = Effect.fnUntraced(function* ({ customer: { id } }: Change) {
  const customers = yield* CustomerRepository.CustomerRepository
  const facts = yield* StoredFacts
  return { customer: yield* customers.get(id), events: yield* facts.events(id), consents: yield* facts.consents(id) }
})

const isThere = ({ customer: { id } }: Change) =>
  Effect.map(
    Effect.flatMap(PgCustomerBulk.PgCustomerBulk, ({ count }) => count([id])),
    (count) => count === 1
  )

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  layer(Layer.provideMerge(bulk, database), { timeout: "30 seconds", excludeTestServices: true })(
    `bulk writing on ${name}`,
    (it) => {
      it.effect("writes each customer as she is after her last change, and all that happened to her, in order", () =>
        Effect.gen(function* () {
          const [one, other] = [history(), history()]
          yield* insertAll([...one, ...other])
          for (const [registered, moved] of [one, other]) {
            const { consents, customer, events } = yield* stored(moved)
            assert.deepStrictEqual(plain(customer), plain(moved.customer))
            assert.deepStrictEqual(consents, registered.consents)
            const told = events.map(({ customerVersion, envelope }) => [customerVersion, envelope.eventType])
            assert.deepStrictEqual(told, [
              [1, "CustomerCreated"],
              [2, "AddressBookChanged"]
            ])
          }
        })
      )

      it.effect("writes what came with the changes, and the password that she had last", () =>
        Effect.gen(function* () {
          const facts = yield* StoredFacts
          const sql = yield* SqlClient.SqlClient
          const [registered, moved] = history()
          const { id } = registered.customer
          const entry = { action: "logged_in", actorKind: "customer", actor: id, at: later } as const
          const erasure = { dueAt: later, requestedAt: later, requestedBy: id, reason: "the account was closed" }
          yield* insertAll([
            { ...registered, passwordHash: "$first" },
            { ...moved, audits: [entry], passwordHash: "$last" },
            { ...moved, endsSessions: true, erasure }
          ])
          assert.deepStrictEqual(yield* facts.audits(id), [entry])
          assert.deepStrictEqual(yield* facts.passwordHash(id), Option.some("$last"))
          const [kept] = yield* sql`
            SELECT state, reason, session_epoch FROM erasure_requests JOIN customer_credentials USING (customer_id)
            WHERE customer_id = ${id}`
          assert.deepStrictEqual(kept, { state: "planned", reason: "the account was closed", session_epoch: 1 })
        })
      )

      it.effect("writes where each customer stands by the last change that brought it, and each move of her tier", () =>
        Effect.gen(function* () {
          const standings = yield* CustomerStandings.CustomerStandings
          const [registered, moved] = history()
          const { id } = registered.customer
          const orders = {
            totalSpent: BigDecimal.make(123_456n, 2),
            orderCount: 3,
            loyaltyPoints: 9,
            lastOrderAt: later
          }
          const record = registered.standing ?? { updatedAt: later }
          const spent = StandingDecisions.restate(moved.customer, record, orders, StandingPolicy.defaultValue(), later)
          const note = { ...spent, events: [] }
          yield* insertAll([registered, moved, note, Struct.omit(note, ["standing", "tierChange"])])
          const found = yield* standings.find(id)
          assert.deepStrictEqual(plain(found.customer), plain(spent.customer))
          assert.deepStrictEqual(JSON.stringify(found.record), JSON.stringify(spent.standing))
          assert.deepStrictEqual<unknown>(yield* standings.history(id), [spent.tierChange])
          const [newcomer] = history()
          yield* insertAll([newcomer])
          const { record: fresh } = yield* standings.find(newcomer.customer.id)
          assert.deepStrictEqual(fresh, newcomer.standing)
        })
      )

      it.effect("writes nothing where one of the customers is there already", () =>
        Effect.gen(function* () {
          const [present, next] = [history(), history()]
          yield* insertAll(present)
          const error = yield* Effect.flip(insertAll([...next, ...present]))
          assert.strictEqual(error._tag, "CustomersExist")
          assert.isFalse(yield* isThere(next[0]))
        })
      )

      it.effect("writes nothing where one of the addresses is taken", () =>
        Effect.gen(function* () {
          const [owner] = history()
          yield* insertAll([owner])
          const [next] = history()
          const { email } = owner.customer
          const thief = { ...next, customer: { ...next.customer, email } }
          const [bystander] = history()
          assert.strictEqual((yield* Effect.flip(insertAll([bystander, thief])))._tag, "EmailTaken")
          assert.isFalse(yield* isThere(bystander))
        })
      )

      it.effect("lets one of two writers of the same customers win", () =>
        Effect.gen(function* () {
          const changes = history()
          const twins = [insertAll(changes), insertAll(changes)].map(Effect.result)
          const outcomes = yield* Effect.all(twins, { concurrency: 2 })
          assert.strictEqual(outcomes.filter(Result.isSuccess).length, 1)
          assert.strictEqual((yield* stored(changes[1])).events.length, 2)
        })
      )
    }
  )
}
