import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Latch, Layer, Option, Result } from "effect"
import { TestClock } from "effect/testing"
import * as CachedCustomerRepository from "../src/customer/CachedCustomerRepository.ts"
import { CacheUpkeep } from "../src/customer/CacheUpkeep.ts"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import * as EventPublisher from "../src/event/EventPublisher.ts"
import * as RelayEvents from "../src/event/RelayEvents.ts"
import { CustomerStandings } from "../src/segment/CustomerStandings.ts"
import { circumstances, freshCustomerId, registration } from "../src/testing/index.ts"
import { cacheScene, Scene } from "./cacheScene.ts"
import { besideMemory } from "./memoryLayers.ts"
import { overridden } from "./standingScene.ts"

const rename = Effect.fnUntraced(function* (id: CustomerId, firstName: string) {
  const repository = yield* CustomerRepository
  return yield* repository.modify(id, (current) =>
    Decisions.update(current, { profile: { firstName } }, circumstances(60))
  )
})

const nameOf = (id: CustomerId) =>
  Effect.flatMap(CustomerRepository, (repository) => Effect.map(repository.get(id), ({ profile }) => profile.firstName))

/** The version at which a customer stands in the cache; undefined where she does not. */
const cachedVersion = (id: CustomerId) =>
  Effect.flatMap(CustomerCache.CustomerCache, (cache) =>
    Effect.map(cache.get(id), (found) => Option.getOrUndefined(found)?.version)
  )

const catchUp = (id: CustomerId, version: number) =>
  Effect.flatMap(CacheUpkeep, (upkeep) => upkeep.catchUp([{ customerId: id, version }]))

const someone = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  return (yield* repository.insert(registration({ profile: { firstName: "Old" } }))).id
})

/** A customer of whom a process wrote another version, that was killed before its put. */
const leftBehind = Effect.gen(function* () {
  const scene = yield* Scene
  const id = yield* someone
  scene.afterCommit = Effect.die("killed")
  yield* Effect.exit(rename(id, "New"))
  scene.afterCommit = Effect.void
  assert.strictEqual(yield* nameOf(id), "Old")
  scene.reads = 0
  return id
})

describe("a customer whom a killed process left behind", () => {
  it.effect("is put again as she is now", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* leftBehind
      yield* catchUp(id, 2)
      assert.strictEqual(yield* nameOf(id), "New")
      assert.strictEqual(scene.reads, 1)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("does not come back as she was, however late her load is", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* leftBehind
      const [arrived, go] = [yield* Latch.make(), yield* Latch.make()]
      scene.afterRead = Effect.andThen(arrived.open, go.await)
      const late = yield* Effect.forkChild(catchUp(id, 2))
      yield* arrived.await
      scene.afterRead = Effect.void
      yield* rename(id, "Newer")
      yield* go.open
      yield* Fiber.join(late)
      assert.strictEqual(yield* nameOf(id), "Newer")
      assert.strictEqual(yield* cachedVersion(id), 3)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is put before the cache is trusted again where it does not answer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* leftBehind
      scene.cacheIsDown = true
      yield* catchUp(id, 2)
      assert.strictEqual(yield* nameOf(id), "New")
      scene.cacheIsDown = false
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* cachedVersion(id), 2)
      assert.strictEqual(yield* nameOf(id), "New")
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is put before the cache is trusted again where it had not answered already", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* leftBehind
      scene.cacheIsDown = true
      yield* nameOf(freshCustomerId()).pipe(Effect.ignore)
      yield* catchUp(id, 2)
      scene.cacheIsDown = false
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* cachedVersion(id), 2)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is read from the store until she can be put again", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* leftBehind
      scene.storageIsDown = true
      yield* catchUp(id, 2)
      scene.storageIsDown = false
      assert.strictEqual(yield* nameOf(id), "New")
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* cachedVersion(id), 2)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is put again though another one's row cannot be read", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const upkeep = yield* CacheUpkeep
      const [unreadable, id] = [yield* leftBehind, yield* leftBehind]
      scene.afterRead = Effect.suspend(() => (scene.reads === 1 ? Effect.die("a row of another version") : Effect.void))
      yield* upkeep.catchUp([
        { customerId: unreadable, version: 2 },
        { customerId: id, version: 2 }
      ])
      scene.afterRead = Effect.void
      assert.strictEqual(yield* nameOf(id), "New")
      assert.strictEqual(yield* nameOf(unreadable), "New")
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is nobody in the cache either where she is erased by now", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const id = freshCustomerId()
      yield* cache.put(id, { version: 3, json: "{}", addresses: "[]" })
      yield* catchUp(id, 4)
      assert.deepStrictEqual(Option.getOrThrow(yield* cache.get(id)), { version: 4, json: undefined })
      assert.strictEqual((yield* Effect.flip(nameOf(id)))._tag, "CustomerNotFound")
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("a customer whom nobody left behind", () => {
  it.effect("is not loaded where she is not in the cache", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const cache = yield* CustomerCache.CustomerCache
      const id = yield* someone
      yield* cache.clear
      yield* catchUp(id, 2)
      assert.strictEqual(scene.reads, 0)
      assert.isUndefined(yield* cachedVersion(id))
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is not loaded where the cache has that version, or a newer one", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const id = yield* someone
      yield* rename(id, "New")
      yield* catchUp(id, 1)
      yield* catchUp(id, 2)
      assert.strictEqual(scene.reads, 0)
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("customers who were written by another way than the repository's", () => {
  it.effect("are shown as they are noted, and never as they were before", () =>
    Effect.gen(function* () {
      const upkeep = yield* CacheUpkeep
      const repository = yield* CustomerRepository
      const id = yield* someone
      const before = yield* repository.get(id)
      const after = { ...before, version: 2, profile: { firstName: "New" } }
      yield* upkeep.note([after])
      yield* upkeep.note([before])
      assert.strictEqual(yield* nameOf(id), "New")
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("are put again before a cache that did not answer is trusted", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const upkeep = yield* CacheUpkeep
      const repository = yield* CustomerRepository
      const id = yield* leftBehind
      scene.cacheIsDown = true
      yield* upkeep.note([yield* repository.get(id)])
      scene.cacheIsDown = false
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* nameOf(id), "New")
      assert.strictEqual(yield* cachedVersion(id), 2)
    }).pipe(Effect.provide(cacheScene))
  )
})

const relayed = CachedCustomerRepository.layer.pipe(
  Layer.provideMerge(CustomerCache.layerMemory()),
  Layer.provideMerge(besideMemory),
  Layer.provideMerge(EventPublisher.layerMemory)
)

describe("the relay", () => {
  it.effect("puts whoever a killed process left behind", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const standings = yield* CustomerStandings
      const id = yield* someone
      yield* RelayEvents.drain()
      yield* standings.modify(id, (customer, record) =>
        Result.succeed(overridden({ customer, record }, { tier: "vip", reason: "agreed" }, circumstances(60).now))
      )
      assert.strictEqual((yield* repository.get(id)).segment.tier, "regular")
      yield* RelayEvents.drain()
      assert.strictEqual((yield* repository.get(id)).segment.tier, "vip")
    }).pipe(Effect.provide(relayed))
  )
})
