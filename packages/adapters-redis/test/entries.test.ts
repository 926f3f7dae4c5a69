import { CustomerCache, type CustomerId } from "@customer-service/core"
import { freshCustomerId, freshLegacyId } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import { ask, Observer } from "./support/Observer.ts"
import { shared } from "./support/servers.ts"

const cache = Layer.provide(RedisCustomerCache.layer(), shared)

const versionOf = (version: number): CustomerCache.CachedCustomer => ({
  version,
  json: JSON.stringify({ firstName: "Zoë" }),
  addresses: JSON.stringify([{ city: "Bielefeld" }])
})

const profileKey = (id: CustomerId) => `customers:profile:${id}`
const addressesKey = (id: CustomerId) => `customers:addresses:${id}`

const put = (id: CustomerId, customer: CustomerCache.CachedCustomer | CustomerCache.Tombstone) =>
  Effect.flatMap(CustomerCache.CustomerCache, ({ put }) => put(id, customer))

const versionFound = (id: CustomerId) =>
  Effect.map(
    Effect.flatMap(CustomerCache.CustomerCache, ({ get }) => get(id)),
    (found) => Option.getOrUndefined(found)?.version
  )

layer(Layer.provideMerge(cache, Observer.layer))("customers in Redis", (it) => {
  it.effect("stand under the specification's keys, as JSON, for the times it gives them", () =>
    Effect.gen(function* () {
      const id = freshCustomerId()
      yield* put(id, versionOf(7))
      const [profile, addresses] = yield* ask((redis) => redis.mget(profileKey(id), addressesKey(id)))
      assert.deepInclude(JSON.parse(profile ?? ""), { version: 7, customer: { firstName: "Zoë" } })
      assert.deepInclude(JSON.parse(addresses ?? ""), { version: 7, addresses: [{ city: "Bielefeld" }] })
      assert.strictEqual(yield* ask((redis) => redis.ttl(profileKey(id))), 3600)
      assert.strictEqual(yield* ask((redis) => redis.ttl(addressesKey(id))), 7200)
    })
  )

  it.effect("stand for the times that are configured", () =>
    Effect.gen(function* () {
      const [id, legacyId] = [freshCustomerId(), freshLegacyId()]
      yield* put(id, versionOf(1))
      const { putLegacyId } = yield* CustomerCache.CustomerCache
      yield* putLegacyId(legacyId, id)
      assert.strictEqual(yield* ask((redis) => redis.ttl(profileKey(id))), 10)
      assert.strictEqual(yield* ask((redis) => redis.ttl(addressesKey(id))), 20)
      assert.strictEqual(yield* ask((redis) => redis.ttl(`customers:legacy:${legacyId}`)), 30)
    }).pipe(
      Effect.provide(Layer.provide(RedisCustomerCache.layer({ profile: 10, addresses: 20, legacyMapping: 30 }), shared))
    )
  )

  it.effect("are led to by legacy ids for a day", () =>
    Effect.gen(function* () {
      const [id, legacyId] = [freshCustomerId(), freshLegacyId()]
      const { putLegacyId } = yield* CustomerCache.CustomerCache
      yield* putLegacyId(legacyId, id)
      assert.strictEqual(yield* ask((redis) => redis.get(`customers:legacy:${legacyId}`)), id)
      assert.strictEqual(yield* ask((redis) => redis.ttl(`customers:legacy:${legacyId}`)), 86_400)
    })
  )

  it.effect("leave nothing but their version behind when their account is closed", () =>
    Effect.gen(function* () {
      const id = freshCustomerId()
      yield* put(id, versionOf(3))
      yield* put(id, { version: 4, json: undefined })
      const [profile, addresses] = yield* ask((redis) => redis.mget(profileKey(id), addressesKey(id)))
      assert.deepInclude(JSON.parse(profile ?? ""), { version: 4 })
      assert.notProperty(JSON.parse(profile ?? ""), "customer")
      assert.isNull(addresses)
      assert.strictEqual(yield* ask((redis) => redis.ttl(profileKey(id))), 3600)
    })
  )

  it.effect("are missing where one of their two values is, or where the versions differ", () =>
    Effect.gen(function* () {
      const [id, other] = [freshCustomerId(), freshCustomerId()]
      yield* put(id, versionOf(3))
      yield* put(other, versionOf(4))
      yield* ask((redis) => redis.copy(addressesKey(other), addressesKey(id), "REPLACE"))
      assert.isUndefined(yield* versionFound(id))
      yield* ask((redis) => redis.del(addressesKey(other)))
      assert.isUndefined(yield* versionFound(other))
      yield* put(other, versionOf(5))
      assert.strictEqual(yield* versionFound(other), 5)
    })
  )

  it.effect("have no version where they would not be read: of another run of the server, or not ours", () =>
    Effect.gen(function* () {
      const { findVersions } = yield* CustomerCache.CustomerCache
      const [id, other] = [freshCustomerId(), freshCustomerId()]
      yield* put(id, versionOf(7))
      yield* put(other, { version: Number.MAX_SAFE_INTEGER, json: undefined })
      assert.deepStrictEqual(
        yield* findVersions([id, other]),
        new Map([
          [id, 7],
          [other, Number.MAX_SAFE_INTEGER]
        ])
      )
      const text = (yield* ask((redis) => redis.get(profileKey(id)))) ?? ""
      const ofAnotherRun = text.replace(/"run":"\w+"/, `"run":"${"0".repeat(16)}"`)
      for (const value of [ofAnotherRun, "", "null", "{}", '{"version":"7","customer":{}}']) {
        yield* ask((redis) => redis.set(profileKey(id), value))
        assert.deepStrictEqual([...(yield* findVersions([id]))], [])
      }
    })
  )

  it.effect("are missing where a value is not one of ours", () =>
    Effect.gen(function* () {
      const id = freshCustomerId()
      const { getDocument } = yield* CustomerCache.CustomerCache
      for (const text of ["", "null", "{}", '{"version":"7","customer":{}}', '{"customer":{},"version":7}']) {
        yield* ask((redis) => redis.mset(profileKey(id), text, addressesKey(id), text))
        assert.isUndefined(yield* versionFound(id))
        assert.deepStrictEqual(yield* getDocument(id), Option.none())
      }
      yield* put(id, versionOf(1))
      assert.strictEqual(yield* versionFound(id), 1)
    })
  )

  it.effect("do not come back in an older version where one of their values was evicted", () =>
    Effect.gen(function* () {
      for (const evicted of [profileKey, addressesKey]) {
        const id = freshCustomerId()
        yield* put(id, versionOf(5))
        yield* ask((redis) => redis.del(evicted(id)))
        yield* put(id, versionOf(4))
        assert.isUndefined(yield* versionFound(id))
        yield* put(id, versionOf(5))
        assert.strictEqual(yield* versionFound(id), 5)
      }
    })
  )

  it.effect("are forgotten by the thousand, and nobody else's keys with them", () =>
    Effect.gen(function* () {
      const ids = Array.from({ length: 2500 }, freshCustomerId)
      yield* Effect.forEach(ids, (id) => put(id, versionOf(1)), { concurrency: "unbounded", discard: true })
      yield* ask((redis) => redis.set("orders:profile:1", "theirs"))
      const { clear } = yield* CustomerCache.CustomerCache
      yield* clear
      for (const pattern of ["customers:profile:*", "customers:addresses:*"]) {
        assert.deepStrictEqual(yield* ask((redis) => redis.keys(pattern)), [])
      }
      assert.strictEqual(yield* ask((redis) => redis.get("orders:profile:1")), "theirs")
    })
  )
})
