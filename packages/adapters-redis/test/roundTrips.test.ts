import { CustomerCache, RateLimiter, SessionStore } from "@customer-service/core"
import { freshCustomerId, freshWord } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Array, Context, Effect, Layer } from "effect"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import * as RedisRateLimiter from "../src/RedisRateLimiter.ts"
import * as RedisSessionStore from "../src/RedisSessionStore.ts"
import { clientOf, connectionTo, privateRedis } from "./support/servers.ts"
import { freshSession } from "./support/sessions.ts"

const adapters = Layer.mergeAll(
  RedisCustomerCache.layer(),
  RedisRateLimiter.layer,
  RedisSessionStore.layer({ timeoutSeconds: 600 })
)

describe("a read of a customer who is logged in", () => {
  it.live("asks Redis once: for her limit, her session and her document together", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const context = yield* Layer.build(Layer.provide(adapters, connectionTo(server.url)))
      const client = yield* clientOf(server.url)
      const [cache, limiter, sessions] = [
        Context.get(context, CustomerCache.CustomerCache),
        Context.get(context, RateLimiter.RateLimiter),
        Context.get(context, SessionStore.SessionStore)
      ]
      const [id, caller, session] = [freshCustomerId(), freshWord(), freshSession()]
      yield* sessions.open(session)
      yield* cache.put(id, { version: 1, json: "{}", addresses: "[]" })
      const read = Effect.all([limiter.consume(caller, 100), sessions.find(session.id), cache.getDocument(id)], {
        concurrency: "unbounded"
      })
      yield* read
      yield* Effect.promise(() => client.config("RESETSTAT"))
      const [limit, found, document] = yield* read
      const stats = yield* Effect.promise(() => client.info("commandstats"))
      const scripts = [...stats.matchAll(/cmdstat_(eval\w*|script\S*):calls=(\d+)/g)].map(([, name, calls]) => [
        name,
        calls
      ])
      assert.deepStrictEqual(scripts, [["evalsha", "1"]])
      assert.strictEqual(limit.remaining, 98)
      assert.deepStrictEqual([found._tag, document._tag], ["Some", "Some"])
    })
  )
})

describe("a look for versions", () => {
  it.live("takes one round trip, and no more of each customer than her version", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const cacheThere = Layer.provide(RedisCustomerCache.layer(), connectionTo(server.url))
      const cache = Context.get(yield* Layer.build(cacheThere), CustomerCache.CustomerCache)
      const client = yield* clientOf(server.url)
      const ids = Array.makeBy(200, freshCustomerId)
      const json = JSON.stringify({ note: "x".repeat(10_000) })
      yield* Effect.forEach(ids, (id, index) => cache.put(id, { version: index + 1, json, addresses: "[]" }), {
        concurrency: "unbounded"
      })
      const outputOf = Effect.promise(async () => Number(/output_bytes:(\d+)/.exec(await client.info("stats"))?.[1]))
      const before = yield* outputOf
      const versions = yield* cache.findVersions([...ids, freshCustomerId()])
      assert.isBelow((yield* outputOf) - before, 200 * 100 + 10_000)
      assert.deepStrictEqual(
        ids.map((id) => versions.get(id)),
        ids.map((_, index) => index + 1)
      )
      assert.strictEqual(versions.size, 200)
    })
  )
})
