import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Option } from "effect"
import { type CachedCustomer, CustomerCache, type Tombstone } from "../customer/CustomerCache.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { freshCustomerId, freshLegacyId } from "./strangers.ts"

const versionOf = (version: number): CachedCustomer => ({
  version,
  json: JSON.stringify({ version, firstName: "Zoë 👩‍👩‍👧‍👦", text: '\u2028\\"' }),
  addresses: JSON.stringify([{ version }])
})

const tombstone = (version: number): Tombstone => ({ version, json: undefined })

/** The contract of {@link CustomerCache}. The cache may be shared, but is emptied by one of the tests. */
export const customerCacheContract = <E>(
  name: string,
  adapter: Layer.Layer<CustomerCache, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of CustomerCache`, (it) => {
    keeping(it)
    versions(it)
  })

const keeping = (it: ContractSuite<CustomerCache>): void => {
  it.effect("get gives what was put", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const id = freshCustomerId()
      assert.deepStrictEqual(yield* cache.get(id), Option.none())
      yield* cache.put(id, versionOf(3))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(versionOf(3)))
      yield* cache.put(id, versionOf(4))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(versionOf(4)))
      assert.deepStrictEqual(yield* cache.get(freshCustomerId()), Option.none())
    })
  )

  it.effect("getDocument gives the document that was put", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const id = freshCustomerId()
      assert.deepStrictEqual(yield* cache.getDocument(id), Option.none())
      yield* cache.put(id, versionOf(3))
      const { version, json } = Option.getOrThrow(yield* cache.getDocument(id))
      assert.deepStrictEqual({ version, json }, { version: 3, json: versionOf(3).json })
    })
  )

  it.effect("a legacy id leads to the customer it was put for, until it is forgotten", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const legacyId = freshLegacyId()
      const id = freshCustomerId()
      assert.deepStrictEqual(yield* cache.findByLegacyId(legacyId), Option.none())
      yield* cache.putLegacyId(legacyId, id)
      assert.deepStrictEqual(yield* cache.findByLegacyId(legacyId), Option.some(id))
      assert.deepStrictEqual(yield* cache.findByLegacyId(freshLegacyId()), Option.none())
      yield* cache.forgetLegacyId(legacyId)
      yield* cache.forgetLegacyId(freshLegacyId())
      assert.deepStrictEqual(yield* cache.findByLegacyId(legacyId), Option.none())
    })
  )

  it.effect("clear forgets every customer", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const ids = [freshCustomerId(), freshCustomerId()]
      yield* Effect.forEach(ids, (id) => cache.put(id, versionOf(2)))
      yield* cache.clear
      for (const id of ids) {
        assert.deepStrictEqual(yield* cache.get(id), Option.none())
        assert.deepStrictEqual(yield* cache.getDocument(id), Option.none())
        yield* cache.put(id, versionOf(1))
        assert.deepStrictEqual(yield* cache.get(id), Option.some(versionOf(1)))
      }
    })
  )
}

const versions = (it: ContractSuite<CustomerCache>): void => {
  it.effect("a put of an older version changes nothing", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const id = freshCustomerId()
      // As text, 9 would be newer than 10.
      yield* cache.put(id, versionOf(10))
      yield* cache.put(id, versionOf(9))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(versionOf(10)))

      const shuffled = [4, 11, 2, 19, 7, 1, 20, 16, 9, 13]
      yield* Effect.forEach(shuffled, (version) => cache.put(id, versionOf(version)), { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* cache.get(id), Option.some(versionOf(20)))
      assert.strictEqual(Option.getOrThrow(yield* cache.getDocument(id)).json, versionOf(20).json)
    })
  )

  it.effect("a tombstone replaces a customer, and no older version comes back over it", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const id = freshCustomerId()
      yield* cache.put(id, versionOf(5))
      yield* cache.put(id, tombstone(6))
      yield* cache.put(id, versionOf(5))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(tombstone(6)))
      const { version, json } = Option.getOrThrow(yield* cache.getDocument(id))
      assert.deepStrictEqual({ version, json }, tombstone(6))

      yield* cache.put(id, tombstone(4))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(tombstone(6)))
      yield* cache.put(id, versionOf(7))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(versionOf(7)))
    })
  )

  it.effect("findVersions tells the version of whoever is there, tombstones too", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache
      const [old, young, closed, nobody] = [freshCustomerId(), freshCustomerId(), freshCustomerId(), freshCustomerId()]
      yield* cache.put(old, versionOf(10))
      yield* cache.put(old, versionOf(9))
      yield* cache.put(young, versionOf(1))
      yield* cache.put(closed, versionOf(2))
      yield* cache.put(closed, tombstone(3))
      const found = yield* cache.findVersions([nobody, closed, old, young, old])
      assert.sameDeepMembers(
        [...found],
        [
          [closed, 3],
          [old, 10],
          [young, 1]
        ]
      )
      assert.deepStrictEqual([...(yield* cache.findVersions([]))], [])
      assert.deepStrictEqual([...(yield* cache.findVersions([nobody]))], [])
    })
  )
}
