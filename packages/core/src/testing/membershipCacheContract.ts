import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Option } from "effect"
import { type CachedMemberships, MembershipCache } from "../segment/MembershipCache.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { freshCustomerId } from "./strangers.ts"

const kept = (version: number, revision: number, until?: number): CachedMemberships => ({
  version,
  revision,
  ...(until === undefined ? {} : { until }),
  json: JSON.stringify([{ version, revision, note: 'Zoë 👩‍👩‍👧‍👦 \u2028\\"' }])
})

/** The contract of {@link MembershipCache}. The cache may be shared with other tests. */
export const membershipCacheContract = <E>(
  name: string,
  adapter: Layer.Layer<MembershipCache, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of MembershipCache`, (it) => {
    keeping(it)
  })

const keeping = (it: ContractSuite<MembershipCache>): void => {
  it.effect("get gives what was put", () =>
    Effect.gen(function* () {
      const cache = yield* MembershipCache
      const [id, other] = [freshCustomerId(), freshCustomerId()]
      assert.deepStrictEqual(yield* cache.get(id), Option.none())
      yield* cache.put(id, kept(1, 7))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(1, 7)))
      yield* cache.put(id, kept(1, 7, 1_935_000_000_123))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(1, 7, 1_935_000_000_123)))
      yield* cache.put(other, { version: 2, revision: 0, json: "[]" })
      assert.deepStrictEqual(yield* cache.get(other), Option.some({ version: 2, revision: 0, json: "[]" }))
      assert.deepStrictEqual(yield* cache.get(freshCustomerId()), Option.none())
    })
  )

  it.effect("a put of an older version, or of an older revision at the same version, changes nothing", () =>
    Effect.gen(function* () {
      const cache = yield* MembershipCache
      const id = freshCustomerId()
      // As text, 9 would be newer than 10.
      yield* cache.put(id, kept(10, 10))
      for (const older of [kept(9, 12), kept(10, 9), kept(2, 99)]) {
        yield* cache.put(id, older)
        assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(10, 10)))
      }
      yield* cache.put(id, kept(10, 11))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(10, 11)))
      yield* cache.put(id, kept(11, 3))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(11, 3)))
      const shuffled = [4, 11, 2, 19, 7, 1, 20, 16, 9, 13].map((number) => kept(20 + (number % 5), number))
      yield* Effect.forEach(shuffled, (each) => cache.put(id, each), { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(24, 19)))
    })
  )

  it.effect("forget takes out what is there", () =>
    Effect.gen(function* () {
      const cache = yield* MembershipCache
      const [id, other] = [freshCustomerId(), freshCustomerId()]
      yield* cache.put(id, kept(5, 5))
      yield* cache.put(other, kept(5, 5))
      yield* cache.forget(id)
      yield* cache.forget(freshCustomerId())
      assert.deepStrictEqual(yield* cache.get(id), Option.none())
      assert.deepStrictEqual(yield* cache.get(other), Option.some(kept(5, 5)))
      yield* cache.put(id, kept(1, 1))
      assert.deepStrictEqual(yield* cache.get(id), Option.some(kept(1, 1)))
    })
  )
}
