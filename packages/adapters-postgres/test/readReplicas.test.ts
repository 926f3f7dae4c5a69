import { CustomerRepository } from "@customer-service/core"
import { registration } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import * as PgCustomerRepository from "../src/PgCustomerRepository.ts"
import * as PostgresClient from "../src/PostgresClient.ts"
import { freshDatabase } from "./support/database.ts"
import { openRelay } from "./support/relay.ts"
import { repository } from "./support/repository.ts"
import { optionsOf } from "./support/servers.ts"

/** The repository over a primary and replicas; databases of other content stand in for replicas that lag behind. */
const replicated = (primary: string, replicas: ReadonlyArray<string>) => {
  const options = { ...optionsOf(primary), replicaUrls: replicas.map((url) => Redacted.make(url)) }
  return PgCustomerRepository.layer().pipe(
    Layer.provide(PostgresClient.layerReplicas(options)),
    Layer.provide(PostgresClient.layer(options)),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
}

/** A database that holds one customer. */
const databaseOfOne = Effect.gen(function* () {
  const { url } = yield* freshDatabase
  const { id } = yield* CustomerRepository.CustomerRepository.pipe(
    Effect.flatMap((customers) => customers.insert(registration())),
    Effect.provide(Layer.provide(repository(), PostgresClient.layer(optionsOf(url))))
  )
  return { url, id }
})

const listed = Effect.flatMap(CustomerRepository.CustomerRepository, (customers) =>
  Effect.map(customers.list({ limit: 10 }), (page) => page.customers.map(({ id }) => id))
)

const nowhere = "postgres://postgres@127.0.0.1:1/nowhere"

describe("with replicas", () => {
  it.live("lists are read from them in turn, customers by id from the primary", () =>
    Effect.gen(function* () {
      const [primary, one, other] = [yield* databaseOfOne, yield* databaseOfOne, yield* databaseOfOne]
      yield* Effect.gen(function* () {
        const customers = yield* CustomerRepository.CustomerRepository
        const ids = (yield* Effect.all([listed, listed, listed, listed])).flat()
        assert.sameMembers(ids, [one.id, one.id, other.id, other.id])
        assert.strictEqual((yield* customers.get(primary.id)).id, primary.id)
        assert.deepStrictEqual(yield* customers.getMany([one.id, other.id]), [])
      }).pipe(Effect.provide(replicated(primary.url, [one.url, other.url])))
    })
  )

  it.live("lists are read from the primary while no replica answers, and the log says so once", () =>
    Effect.gen(function* () {
      const primary = yield* databaseOfOne
      const logged: Array<string> = []
      const listening = Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))])
      yield* Effect.gen(function* () {
        for (const _ of [1, 2, 3]) assert.deepStrictEqual(yield* listed, [primary.id])
        assert.deepStrictEqual(logged, ["A read replica does not answer; the primary is read instead"])
      }).pipe(Effect.provide([replicated(primary.url, [nowhere]), listening]))
    })
  )

  it.live("a replica that hangs delays one list, not the next", () =>
    Effect.gen(function* () {
      const primary = yield* databaseOfOne
      const replica = yield* databaseOfOne
      const relay = yield* openRelay(replica.url)
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* listed, [replica.id])
        relay.freeze()
        assert.deepStrictEqual(yield* listed, [primary.id])
        const asked = relay.requests() + relay.connections()
        assert.deepStrictEqual(yield* listed, [primary.id])
        assert.strictEqual(relay.requests() + relay.connections(), asked)
      }).pipe(Effect.provide([replicated(primary.url, [relay.url]), Logger.layer([])]))
    })
  )
})
