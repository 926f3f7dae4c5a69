import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Fiber, Latch, Option } from "effect"
import { TestClock } from "effect/testing"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import { CustomerDocuments } from "../src/customer/CustomerDocuments.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { circumstances, freshCustomerId, registration } from "../src/testing/index.ts"
import { cacheScene, counted, Scene } from "./cacheScene.ts"

const rename = Effect.fnUntraced(function* (id: CustomerId, firstName: string) {
  const repository = yield* CustomerRepository
  return yield* repository.modify(id, (current) =>
    Decisions.update(current, { profile: { firstName } }, circumstances(60))
  )
})

const read = (id: CustomerId) => Effect.flatMap(CustomerRepository, (repository) => repository.get(id))

/** A customer who is in the store alone. */
const someoneUncached = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  const cache = yield* CustomerCache.CustomerCache
  const customer = yield* repository.insert(registration({ profile: { firstName: "Old" } }))
  yield* cache.clear
  return customer
})

/** Starts an effect that gets as far as the store and is held there until `go` is opened. */
const held = Effect.fnUntraced(function* <A, E, R>(at: "afterRead" | "afterCommit", effect: Effect.Effect<A, E, R>) {
  const scene = yield* Scene
  const [arrived, go] = [yield* Latch.make(), yield* Latch.make()]
  scene[at] = Effect.andThen(arrived.open, go.await)
  const fiber = yield* Effect.forkChild(effect)
  yield* arrived.await
  scene[at] = Effect.void
  return { fiber, go }
})

describe("customers that the cache lacks", () => {
  it.effect("are read from the store once, however many ask at the same time", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneUncached
      const documents = yield* CustomerDocuments
      const { fiber: first, go } = yield* held("afterRead", read(id))
      const asks = Array.makeBy(99, (index) => (index % 2 === 0 ? Effect.asVoid(read(id)) : documents.find(id)))
      const others = yield* Effect.forEach(asks, (ask) => Effect.forkChild(ask, { startImmediately: true }))
      yield* go.open
      yield* Fiber.joinAll([first, ...others])
      assert.strictEqual(scene.reads, 1)
      yield* read(id)
      assert.strictEqual(scene.reads, 1)
      assert.strictEqual(yield* counted("customer_cache_misses_total"), 100)
      assert.strictEqual(yield* counted("customer_cache_hits_total"), 1)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("or that it holds in another form than this service knows are read from the store", () =>
    Effect.gen(function* () {
      const { id, version } = yield* someoneUncached
      const cache = yield* CustomerCache.CustomerCache
      for (const json of ['{"id":"of an older form"}', '{"id":']) {
        yield* cache.clear
        yield* cache.put(id, { version, json, addresses: "[]" })
        assert.strictEqual((yield* read(id)).profile.firstName, "Old")
      }
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("are read again by the next who asks where the store did not answer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneUncached
      scene.storageIsDown = true
      assert.strictEqual((yield* Effect.flip(read(id)))._tag, "StorageUnavailable")
      scene.storageIsDown = false
      assert.strictEqual((yield* read(id)).id, id)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("that nobody is are not found, however many ask", () =>
    Effect.gen(function* () {
      const asks = Array.replicate(Effect.flip(read(freshCustomerId())), 20)
      const answers = yield* Effect.all(asks, { concurrency: "unbounded" })
      assert.isTrue(answers.every(({ _tag }) => _tag === "CustomerNotFound"))
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("reach those who wait though the first who asked has gone", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneUncached
      const { fiber: first, go } = yield* held("afterRead", read(id))
      const second = yield* Effect.forkChild(read(id), { startImmediately: true })
      yield* Fiber.interrupt(first)
      yield* go.open
      assert.strictEqual((yield* Fiber.join(second)).id, id)
      assert.strictEqual(scene.reads, 1)
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("a slow reader", () => {
  it.effect("cannot put an old version back over a newer one", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const { id } = yield* someoneUncached
      const { fiber, go } = yield* held("afterRead", read(id))
      yield* rename(id, "New")
      yield* go.open
      yield* Fiber.join(fiber)
      assert.strictEqual((yield* read(id)).profile.firstName, "New")
      assert.strictEqual(Option.getOrThrow(yield* cache.get(id)).version, 2)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("does not share what it read with those who come after a write", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const { id } = yield* someoneUncached
      const { fiber, go } = yield* held("afterRead", read(id))
      yield* rename(id, "New")
      yield* cache.clear
      assert.strictEqual((yield* read(id)).profile.firstName, "New")
      yield* go.open
      yield* Fiber.join(fiber)
      assert.strictEqual((yield* read(id)).profile.firstName, "New")
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("a writer who hangs up after the commit", () => {
  it.effect("leaves no old version in the cache", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id } = yield* repository.insert(registration({ profile: { firstName: "Old" } }))
      const { fiber, go } = yield* held("afterCommit", rename(id, "New"))
      const interruption = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* go.open
      yield* Fiber.join(interruption)
      assert.strictEqual((yield* read(id)).profile.firstName, "New")
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("the cache in memory", () => {
  const entry = (version: number) => ({ version, json: "{}", addresses: "[]" })

  it.effect("forgets an entry after its time to live", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const id = freshCustomerId()
      yield* cache.put(id, entry(1))
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(Option.isSome(yield* cache.get(id)))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Option.isNone(yield* cache.get(id)))
    }).pipe(Effect.provide(CustomerCache.layerMemory({ capacity: 10, timeToLive: 60_000 })))
  )

  it.effect("past its capacity forgets the entry put longest ago", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const [first, second, third] = [freshCustomerId(), freshCustomerId(), freshCustomerId()]
      yield* cache.put(first, entry(1))
      yield* cache.put(second, entry(1))
      yield* cache.put(first, entry(2))
      yield* cache.put(third, entry(1))
      assert.isTrue(Option.isNone(yield* cache.get(second)))
      assert.isTrue(Option.isSome(yield* cache.get(first)))
      assert.isTrue(Option.isSome(yield* cache.get(third)))
    }).pipe(Effect.provide(CustomerCache.layerMemory({ capacity: 2, timeToLive: 60_000 })))
  )
})
