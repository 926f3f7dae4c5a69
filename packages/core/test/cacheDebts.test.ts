import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Fiber, Latch, Logger, Option } from "effect"
import { TestClock } from "effect/testing"
import * as CacheTrust from "../src/customer/CacheTrust.ts"
import { CacheUnavailable, CustomerCache, layerMemory } from "../src/customer/CustomerCache.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { freshCustomerId } from "../src/testing/index.ts"

const failed = Effect.fail(new CacheUnavailable())

/** Trust in a cache that answers; putting somebody again can be held, and so can emptying it. */
const scene = Effect.gen(function* () {
  const puts: Array<CustomerId> = []
  const go = yield* Latch.make(true)
  const cache = CustomerCache.of({ ...(yield* CustomerCache), clear: go.await })
  const trust = yield* CacheTrust.make(cache, (id) =>
    Effect.andThen(
      Effect.sync(() => puts.push(id)),
      go.await
    )
  )
  return { trust, puts, go }
})

const laterOn = TestClock.adjust("500 millis")

/** A write without an answer can no longer happen. */
const muchLater = TestClock.adjust("61 seconds")

describe("a customer whose newest version the cache may lack", () => {
  it.effect("is not trusted while she is being put again, and is afterwards", () =>
    Effect.gen(function* () {
      const { go, puts, trust } = yield* scene
      const id = freshCustomerId()
      yield* go.close
      yield* trust.doubt(id)
      yield* laterOn
      assert.deepStrictEqual(puts, [id])
      assert.isFalse(trust.trusts(id))
      assert.isTrue(trust.trusts(freshCustomerId()))
      yield* go.open
      yield* laterOn
      assert.isFalse(trust.trusts(id))
      yield* muchLater
      assert.isTrue(trust.trusts(id))
      assert.deepStrictEqual(puts, [id, id])
    }).pipe(Effect.provide(layerMemory()))
  )

  it.effect("is put once more where she came to be in doubt again meanwhile", () =>
    Effect.gen(function* () {
      const { go, puts, trust } = yield* scene
      const id = freshCustomerId()
      yield* go.close
      yield* trust.doubt(id)
      yield* laterOn
      yield* trust.doubt(id)
      yield* go.open
      yield* laterOn
      assert.deepStrictEqual(puts, [id, id])
      yield* muchLater
      assert.isTrue(trust.trusts(id))
    }).pipe(Effect.provide(layerMemory()))
  )

  it.effect("does not keep the cache from being trusted about others, however often she is written", () =>
    Effect.gen(function* () {
      const { trust } = yield* scene
      const id = freshCustomerId()
      yield* trust.write(id, failed)
      assert.isFalse(trust.trusts(freshCustomerId()))
      const writing = yield* Effect.forkChild(Effect.forever(Effect.andThen(trust.doubt(id), Effect.sleep("1 millis"))))
      yield* TestClock.adjust("2 seconds")
      assert.isTrue(trust.trusts(freshCustomerId()))
      yield* Fiber.interrupt(writing)
      yield* muchLater
      assert.isTrue(trust.trusts(id))
    }).pipe(Effect.provide(layerMemory()))
  )

  it.effect("is put again where she was written while a cache that owes too much was emptied", () =>
    Effect.gen(function* () {
      const { go, puts, trust } = yield* scene
      for (let count = 0; count <= 100_000; count++) {
        yield* trust.doubt(`01900000-0000-7000-8000-${String(count).padStart(12, "0")}` as CustomerId)
      }
      const id = freshCustomerId()
      assert.isFalse(trust.trusts(id))
      yield* go.close
      yield* laterOn
      yield* trust.doubt(id)
      yield* go.open
      yield* laterOn
      assert.deepStrictEqual(puts, [id])
      yield* muchLater
      assert.isTrue(trust.trusts(id))
    }).pipe(Effect.provide(layerMemory()))
  )
})

describe("a customer whose row cannot be read", () => {
  it.effect("keeps the cache from being trusted about nobody else", () =>
    Effect.gen(function* () {
      const broken = freshCustomerId()
      const trust = yield* CacheTrust.make(yield* CustomerCache, (id) =>
        id === broken ? Effect.die(new Error("a row of another version")) : Effect.void
      )
      yield* trust.write(broken, failed)
      assert.isFalse(trust.trusts(freshCustomerId()))
      yield* TestClock.adjust("2 seconds")
      assert.isTrue(trust.trusts(freshCustomerId()))
      assert.isFalse(trust.trusts(broken))
    }).pipe(Effect.provide(layerMemory()))
  )
})

describe("a cache that owes too much", () => {
  it.effect("is emptied instead of being caught up", () =>
    Effect.gen(function* () {
      const calls = { clear: 0, reput: 0 }
      const cache = CustomerCache.of({
        ...(yield* CustomerCache),
        clear: Effect.sync(() => {
          calls.clear += 1
        })
      })
      const trust = yield* CacheTrust.make(cache, () =>
        Effect.sync(() => {
          calls.reput += 1
        })
      )
      const ids = Array.makeBy(
        100_001,
        (index) => `01900000-0000-7000-8000-${String(index).padStart(12, "0")}` as CustomerId
      )
      yield* Effect.forEach(ids, (id) => trust.write(id, Effect.fail(new CacheUnavailable())), { discard: true })
      assert.isFalse(trust.trusts(freshCustomerId()))
      yield* TestClock.adjust("2 seconds")
      assert.isTrue(trust.trusts(freshCustomerId()))
      assert.deepStrictEqual(calls, { clear: 1, reput: 0 })
    }).pipe(Effect.provide(layerMemory()))
  )
})

describe("a caller who hangs up when she finds that the cache does not answer", () => {
  const interrupting = Logger.layer([Logger.make(({ fiber }) => fiber.interruptUnsafe())])

  it.effect("does not keep it from being trusted again", () =>
    Effect.gen(function* () {
      const { trust } = yield* scene
      const id = freshCustomerId()
      const read = trust.read(id, Effect.as(failed, Option.none()))
      const caller = yield* Effect.forkChild(Effect.provide(read, interrupting))
      yield* Fiber.await(caller)
      yield* TestClock.adjust("2 seconds")
      assert.isTrue(trust.trusts(id))
    }).pipe(Effect.provide(layerMemory()))
  )
})
