import { CustomerCache, CustomerDecisions } from "@customer-service/core"
import { circumstances } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Array, Deferred, Effect, Fiber, Layer, Option } from "effect"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import { shared } from "./support/servers.ts"
import { firstNameOf, instance, rename, shownNames, someone, Store, storeInMemory } from "./support/Store.ts"

const cache = Layer.provide(RedisCustomerCache.layer(), shared)

const forgetAll = Effect.flatMap(CustomerCache.CustomerCache, ({ clear }) => clear)

describe("customers behind Redis", () => {
  it.live("are read from the store once, however many miss them at the same time", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const service = yield* instance(cache)
      const { id } = yield* someone(service)
      yield* forgetAll
      const asks = Array.makeBy(100, (index) =>
        index % 2 === 0 ? Effect.asVoid(service.repository.get(id)) : Effect.asVoid(service.documents.find(id))
      )
      yield* Effect.all(asks, { concurrency: "unbounded" })
      assert.strictEqual(store.reads, 1)
      yield* Effect.all(asks, { concurrency: "unbounded" })
      assert.strictEqual(store.reads, 1)
    }).pipe(Effect.provide(Layer.merge(storeInMemory, cache)))
  )

  it.live("are shown as one process wrote them to every other", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* instance(cache), yield* instance(cache)]
      const { id } = yield* someone(one)
      assert.deepStrictEqual(yield* shownNames(other, id), ["Old", "Old"])
      yield* rename(one, id, "New")
      assert.deepStrictEqual(yield* shownNames(other, id), ["New", "New"])
      yield* other.repository.modify(id, (current) => CustomerDecisions.deactivate(current, circumstances(90), 30))
      assert.strictEqual((yield* Effect.flip(one.documents.find(id)))._tag, "CustomerNotFound")
    }).pipe(Effect.provide(storeInMemory))
  )

  it.live("are not put back in an old version by a slow reader in another process", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const redis = yield* CustomerCache.CustomerCache
      const [slow, quick] = [yield* instance(cache), yield* instance(cache)]
      const { id } = yield* someone(quick)
      yield* forgetAll
      const [hasRead, mayGoOn] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      store.afterRead = Effect.andThen(Deferred.succeed(hasRead, undefined), Deferred.await(mayGoOn))
      const reader = yield* Effect.forkChild(slow.repository.get(id))
      yield* Deferred.await(hasRead)
      store.afterRead = Effect.void
      yield* rename(quick, id, "New")
      yield* Deferred.succeed(mayGoOn, undefined)
      assert.strictEqual(firstNameOf(yield* Fiber.join(reader)), "Old")
      assert.strictEqual(Option.getOrThrow(yield* redis.get(id)).version, 2)
      for (const process of [slow, quick]) assert.deepStrictEqual(yield* shownNames(process, id), ["New", "New"])
    }).pipe(Effect.provide(Layer.merge(storeInMemory, cache)))
  )

  it.live("are not opened again by a slow reader once their account is closed", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [slow, quick] = [yield* instance(cache), yield* instance(cache)]
      const { id } = yield* someone(quick)
      yield* forgetAll
      const [hasRead, mayGoOn] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      store.afterRead = Effect.andThen(Deferred.succeed(hasRead, undefined), Deferred.await(mayGoOn))
      const reader = yield* Effect.forkChild(slow.documents.find(id))
      yield* Deferred.await(hasRead)
      store.afterRead = Effect.void
      yield* quick.repository.modify(id, (current) => CustomerDecisions.deactivate(current, circumstances(60), 30))
      yield* Deferred.succeed(mayGoOn, undefined)
      yield* Fiber.join(reader)
      for (const process of [slow, quick]) {
        assert.strictEqual((yield* Effect.flip(process.documents.find(id)))._tag, "CustomerNotFound")
      }
    }).pipe(Effect.provide(Layer.merge(storeInMemory, cache)))
  )
})
