import { CustomerDecisions, type CustomerId } from "@customer-service/core"
import { circumstances } from "@customer-service/core/testing"
import type { Server } from "@customer-service/test-servers"
import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Layer, Schedule } from "effect"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import { clientOf, connectionTo, privateRedis } from "./support/servers.ts"
import { counted, type Instance, instance, rename, shownNames, someone, Store, storeInMemory } from "./support/Store.ts"

const cacheOn = (server: Server) => Layer.provide(RedisCustomerCache.layer(), connectionTo(server.url))

/** Reads until the store is no longer asked; fails where a read shows another name. */
const untilServedFromCache = Effect.fnUntraced(function* (service: Instance, id: CustomerId, name: string) {
  const store = yield* Store
  const read = Effect.gen(function* () {
    const before = store.reads
    assert.deepStrictEqual(yield* shownNames(service, id), [name, name])
    return store.reads === before
  })
  yield* Effect.repeat(read, { until: (served) => served, schedule: Schedule.spaced("10 millis") })
})

describe("while Redis is down", () => {
  it.live("reads and writes keep answering; nothing stale is shown once it is back with what it held", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const server = yield* privateRedis
      const service = yield* instance(cacheOn(server))
      const [changed, closed] = [yield* someone(service), yield* someone(service)]
      yield* untilServedFromCache(service, changed.id, "Old")

      yield* Effect.promise(() => server.stop())
      assert.deepStrictEqual(yield* shownNames(service, changed.id), ["Old", "Old"])
      yield* rename(service, changed.id, "New")
      assert.deepStrictEqual(yield* shownNames(service, changed.id), ["New", "New"])
      yield* service.repository.modify(closed.id, (current) =>
        CustomerDecisions.deactivate(current, circumstances(60), 30)
      )
      const added = yield* someone(service)
      for (const _ of Array.range(1, 20)) yield* shownNames(service, added.id)
      assert.deepStrictEqual(store.logged, ["Warn"])
      assert.isAbove(yield* counted("customer_cache_failures_total"), 0)

      yield* Effect.promise(() => server.start())
      yield* untilServedFromCache(service, changed.id, "New")
      assert.strictEqual((yield* Effect.flip(service.documents.find(closed.id)))._tag, "CustomerNotFound")
      assert.deepStrictEqual(store.logged, ["Warn", "Info"])
    }).pipe(Effect.provide(storeInMemory))
  )

  it.live("it may lose what it was told last, and still shows nothing stale once it is back", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const service = yield* instance(cacheOn(server))
      const { id } = yield* someone(service)
      const client = yield* clientOf(server.url)
      yield* Effect.promise(() => client.save())
      yield* rename(service, id, "New")
      yield* untilServedFromCache(service, id, "New")

      // As after a crash: what was put since the last save is gone.
      yield* Effect.promise(() => client.shutdown("NOSAVE").catch(() => {}))
      yield* Effect.promise(() => server.stop())
      yield* Effect.promise(() => server.start())
      yield* untilServedFromCache(service, id, "New")
    }).pipe(Effect.provide(storeInMemory))
  )

  it.live("a service starts without it, and takes it into use when it comes", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      yield* Effect.promise(() => server.stop())
      const service = yield* instance(cacheOn(server))
      const { id } = yield* someone(service)
      assert.deepStrictEqual(yield* shownNames(service, id), ["Old", "Old"])
      yield* Effect.promise(() => server.start())
      yield* untilServedFromCache(service, id, "Old")
    }).pipe(Effect.provide(storeInMemory))
  )
})

describe("while Redis hangs", () => {
  it.live("reads and writes answer within a second, and nothing stale is shown once it goes on", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const service = yield* instance(cacheOn(server))
      const [{ id }, other] = [yield* someone(service), yield* someone(service)]
      yield* Effect.promise(() => server.pause())
      const calls = [rename(service, id, "New"), shownNames(service, other.id), someone(service)]
      yield* Effect.timeout(Effect.all(calls, { concurrency: "unbounded" }), "2 seconds")
      assert.deepStrictEqual(yield* shownNames(service, id), ["New", "New"])
      yield* Effect.promise(() => server.resume())
      yield* untilServedFromCache(service, id, "New")
    }).pipe(Effect.provide(storeInMemory))
  )
})
