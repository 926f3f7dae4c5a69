import {
  CustomerDecisions,
  type CustomerId,
  CustomerRepository,
  CustomerStandings,
  ReviewBell,
  StandingDecisions,
  StandingPolicy
} from "@customer-service/core"
import { circumstances, registration } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as PgCustomerBulk from "../src/PgCustomerBulk.ts"
import { everything } from "./support/beside.ts"
import { pglite, postgres } from "./support/database.ts"
import { delivery, orderEntry, receive } from "./support/deliveries.ts"
import { known } from "./support/people.ts"

/** For whom the bell was rung since this was asked last. */
class Rung extends Context.Service<Rung, Effect.Effect<ReadonlyArray<CustomerId>>>()("test/Rung") {}

const bell = Layer.effectContext(
  Effect.sync(() => {
    const rung: Array<CustomerId> = []
    const ring = (ids: ReadonlyArray<CustomerId>) => Effect.sync(() => void rung.push(...ids))
    return Context.make(
      Rung,
      Effect.sync(() => rung.splice(0))
    ).pipe(Context.add(ReviewBell, { ring }))
  })
)

const rung = Effect.flatten(Rung)

const services = Layer.mergeAll(everything, Layer.provide(PgCustomerBulk.layer, SecureRandom.layerWebCrypto))

const rename = Effect.fnUntraced(function* (id: CustomerId, firstName: string) {
  const customers = yield* CustomerRepository.CustomerRepository
  yield* customers.modify(id, (current) =>
    CustomerDecisions.update(current, { profile: { firstName } }, circumstances(60))
  )
})

const promote = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings.CustomerStandings
  const [request, policy] = [{ tier: "vip", reason: "as was agreed" } as const, StandingPolicy.defaultValue()]
  yield* standings.modify(id, (customer, record) =>
    StandingDecisions.override(customer, record, request, policy, circumstances(60))
  )
})

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  const layers = Layer.provideMerge(services, Layer.merge(database, bell))
  layer(layers, { excludeTestServices: true })(`the bell for those who review memberships, on ${name}`, (it) => {
    it.effect("is rung for whomever a write has marked, by whatever way it comes", () =>
      Effect.gen(function* () {
        const bulk = yield* PgCustomerBulk.PgCustomerBulk
        const { id } = yield* known("+49 30 901820555")
        assert.deepStrictEqual(yield* rung, [id])
        yield* rename(id, "Zoë")
        assert.deepStrictEqual(yield* rung, [])
        yield* promote(id)
        assert.deepStrictEqual(yield* rung, [id])
        yield* receive([delivery(id, orderEntry("10"))])
        assert.deepStrictEqual(yield* rung, [])
        const { id: other } = yield* known("+49 30 901820777")
        assert.deepStrictEqual(yield* rung, [other])
        yield* receive([delivery(id, orderEntry("20000")), delivery(other, orderEntry("20000"))])
        assert.deepStrictEqual(yield* rung, [other])
        const newcomers = [registration(), registration()]
        yield* bulk.insertAll(newcomers)
        assert.sameMembers(
          [...(yield* rung)],
          newcomers.map(({ customer }) => customer.id)
        )
      })
    )

    it.effect("is silent where a write fails", () =>
      Effect.gen(function* () {
        const bulk = yield* PgCustomerBulk.PgCustomerBulk
        const { email } = yield* known("+49 30 901820555")
        yield* rung
        const failure = yield* Effect.flip(bulk.insertAll([registration(), registration({ email })]))
        assert.strictEqual(failure._tag, "EmailTaken")
        assert.deepStrictEqual(yield* rung, [])
      })
    )
  })
}
