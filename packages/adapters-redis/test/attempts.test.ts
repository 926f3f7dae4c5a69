import { AttemptLimiter } from "@customer-service/core"
import { freshWord } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Array, Context, Effect, Layer, Schedule } from "effect"
import { TestClock } from "effect/testing"
import type { RedisConnection } from "../src/RedisConnection.ts"
import * as RedisAttemptLimiter from "../src/RedisAttemptLimiter.ts"
import { clientOf, connectionTo, privateRedis, shared, sharedRedis } from "./support/servers.ts"

const limiterOn = (connection: Layer.Layer<RedisConnection>) =>
  Effect.map(Layer.build(Layer.fresh(Layer.provide(RedisAttemptLimiter.layer, connection))), (context) =>
    Context.get(context, AttemptLimiter.AttemptLimiter)
  )

type Limiter = Effect.Success<ReturnType<typeof limiterOn>>

const limit = { most: 5, windowSeconds: 600, penaltySeconds: 900 }
const atOnce = { concurrency: "unbounded" } as const

/** How many of 10 attempts at once are let through in each process. */
const admitted = (limiters: ReadonlyArray<Limiter>, key: string) =>
  Effect.forEach(limiters, (limiter) =>
    Effect.map(
      Effect.all(Array.replicate(limiter.take(key, limit), 10), atOnce),
      (states) => states.filter(({ allowed }) => allowed).length
    )
  )

describe("attempts in Redis", () => {
  it.effect("are counted for all processes together", () =>
    Effect.gen(function* () {
      const [one, other, key] = [yield* limiterOn(shared), yield* limiterOn(shared), freshWord()]
      assert.deepStrictEqual(yield* admitted([one, other], key), [5, 0])
      yield* other.giveBack(key)
      assert.deepStrictEqual(yield* admitted([one, other], key), [1, 0])
      yield* one.forget(key)
      assert.deepStrictEqual(yield* admitted([other, one], key), [5, 0])
    })
  )

  it.effect("are one value a key, which goes when it counts no more", () =>
    Effect.gen(function* () {
      const [limiter, key] = [yield* limiterOn(shared), freshWord()]
      const redis = yield* clientOf(sharedRedis())
      const read = Effect.promise(() => redis.get(`customers:attempts:${key}`))
      const secondsLeft = Effect.promise(() => redis.ttl(`customers:attempts:${key}`))
      yield* TestClock.setTime(1_900_000_000_000)
      yield* limiter.take(key, limit)
      assert.strictEqual(yield* read, "1 1900000600000")
      assert.strictEqual(yield* secondsLeft, 600)
      yield* admitted([limiter], key)
      assert.strictEqual(yield* read, "5 1900000900000")
      assert.strictEqual(yield* secondsLeft, 900)
      yield* limiter.giveBack(key)
      assert.strictEqual(yield* read, "4 1900000900000")
      assert.strictEqual(yield* secondsLeft, 900)
    })
  )
})

describe("attempts while Redis is away", () => {
  it.live("are counted by each process for itself, and together once it is back", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const limiters = [yield* limiterOn(connectionTo(server.url)), yield* limiterOn(connectionTo(server.url))]
      const key = freshWord()
      assert.deepStrictEqual(yield* admitted(limiters, freshWord()), [5, 0])
      yield* Effect.promise(() => server.stop())
      assert.deepStrictEqual(yield* admitted(limiters, key), [5, 5])
      assert.deepStrictEqual(yield* admitted(limiters, key), [0, 0])
      for (const limiter of limiters) yield* limiter.giveBack(key)
      assert.deepStrictEqual(yield* admitted(limiters, key), [1, 1])
      for (const limiter of limiters) yield* limiter.forget(key)
      yield* Effect.promise(() => server.start())
      const probe = Effect.suspend(() => admitted(limiters, freshWord()))
      yield* Effect.repeat(probe, { until: ([, second]) => second === 0, schedule: Schedule.spaced("10 millis") })
      assert.deepStrictEqual(yield* admitted(limiters, key), [5, 0])
    })
  )

  it.live("wait for it half a second at most", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const limiter = yield* limiterOn(connectionTo(server.url))
      yield* Effect.promise(() => server.pause())
      assert.deepStrictEqual(yield* Effect.timeout(admitted([limiter], freshWord()), "2 seconds"), [5])
      yield* Effect.promise(() => server.resume())
    })
  )
})
