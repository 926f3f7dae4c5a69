import { CustomerCache } from "@customer-service/core"
import { freshCustomerId, freshLegacyId } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import * as RedisPersonalData from "../src/RedisPersonalData.ts"
import { ask, Observer } from "./support/Observer.ts"
import { connectionTo, privateRedis, shared } from "./support/servers.ts"

const canary = "canary-Zoë"

const cached = (version: number): CustomerCache.CachedCustomer => ({
  version,
  json: JSON.stringify({ firstName: canary }),
  addresses: JSON.stringify([{ city: canary }])
})

const holder = Effect.provide(RedisPersonalData.make, shared)

const planted = Effect.fnUntraced(function* (version: number) {
  const cache = yield* CustomerCache.CustomerCache
  const customer = { id: freshCustomerId(), legacyId: freshLegacyId(), version }
  yield* cache.put(customer.id, cached(version))
  yield* cache.putLegacyId(customer.legacyId, customer.id)
  yield* ask((redis) => redis.set(`customers:segments:${customer.id}`, JSON.stringify({ segments: [canary] })))
  return customer
})

const counts = (places: ReadonlyArray<{ readonly place: string; readonly count: number }>) =>
  places.map(({ count, place }) => [place, count])

const places = (count: number) => [
  ["customers:profile", count],
  ["customers:addresses", count],
  ["customers:segments", count],
  ["customers:legacy", count]
]

const cache = Layer.merge(Layer.provide(RedisCustomerCache.layer(), shared), Observer.layer)

describe("the cache as a holder of personal data", () => {
  it.effect("shows all that it holds of a customer", () =>
    Effect.gen(function* () {
      const { exportOf } = yield* holder
      const { id } = yield* planted(3)
      const exported = yield* exportOf(id)
      assert.lengthOf(JSON.stringify(exported).split(canary), 4)
      assert.deepInclude(exported, { place: "customers:segments", value: { segments: [canary] } })
      assert.deepStrictEqual(yield* exportOf(freshCustomerId()), [])
    }).pipe(Effect.provide(cache))
  )

  it.effect("erases all of it, leaves others alone, and finds nothing when it looks again", () =>
    Effect.gen(function* () {
      const { erase, exportOf, name, remainders } = yield* holder
      const [customer, other] = [yield* planted(3), yield* planted(3)]
      assert.deepStrictEqual(counts(yield* remainders(customer)), places(1))
      const erased = yield* erase({ ...customer, version: 4 })
      assert.deepStrictEqual(counts(erased), places(1))
      assert.isTrue(erased.every(({ store }) => store === name))
      assert.deepStrictEqual(yield* remainders(customer), [])
      assert.deepStrictEqual(yield* exportOf(customer.id), [])
      assert.deepStrictEqual(counts(yield* remainders(other)), places(1))
      assert.deepStrictEqual(counts(yield* erase({ ...customer, version: 4 })), places(0))
    }).pipe(Effect.provide(cache))
  )

  it.effect("leaves a tombstone that no older version comes back over", () =>
    Effect.gen(function* () {
      const { erase, remainders } = yield* holder
      const { get, put } = yield* CustomerCache.CustomerCache
      for (const version of [2, 3, 4]) {
        const customer = yield* planted(3)
        yield* erase({ ...customer, version })
        yield* put(customer.id, cached(2))
        const tombstone = { version: Math.max(3, version), json: undefined }
        assert.deepStrictEqual(yield* get(customer.id), Option.some(tombstone))
        assert.deepStrictEqual(yield* remainders(customer), [])
      }
    }).pipe(Effect.provide(cache))
  )

  it.live("says so while Redis is away", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const { erase, exportOf, remainders } = yield* Effect.provide(RedisPersonalData.make, connectionTo(server.url))
      yield* Effect.promise(() => server.stop())
      const customer = { id: freshCustomerId(), version: 1 }
      for (const call of [erase(customer), remainders(customer), exportOf(customer.id)]) {
        assert.deepInclude(yield* Effect.flip(call), { _tag: "HolderUnavailable", holder: "cache" })
      }
    })
  )
})
