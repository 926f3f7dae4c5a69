import { RateLimiter } from "@customer-service/core"
import { freshWord } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Array, Context, Effect, Layer, Schedule } from "effect"
import { TestClock } from "effect/testing"
import type { RedisConnection } from "../src/RedisConnection.ts"
import * as RedisRateLimiter from "../src/RedisRateLimiter.ts"
import { clientOf, connectionTo, privateRedis, shared, sharedRedis } from "./support/servers.ts"

/** The limiter of one process. */
const limiterOn = (connection: Layer.Layer<RedisConnection>) =>
  Effect.map(Layer.build(Layer.fresh(Layer.provide(RedisRateLimiter.layer, connection))), (context) =>
    Context.get(context, RateLimiter.RateLimiter)
  )

const atOnce = { concurrency: "unbounded" } as const

describe("limits in Redis", () => {
  it.effect("are one for all processes together", () =>
    Effect.gen(function* () {
      const key = freshWord()
      const limiters = [yield* limiterOn(shared), yield* limiterOn(shared)]
      const calls = limiters.flatMap((limiter) => Array.replicate(limiter.consume(key, 10), 10))
      const states = yield* Effect.all(calls, atOnce)
      assert.lengthOf(
        states.filter(({ allowed }) => allowed),
        10
      )
    })
  )

  it.effect("hold for more callers at once than one question carries", () =>
    Effect.gen(function* () {
      const limiter = yield* limiterOn(shared)
      const keys = Array.makeBy(150, freshWord)
      const states = yield* Effect.forEach([...keys, ...keys, ...keys], (key) => limiter.consume(key, 2), atOnce)
      assert.deepStrictEqual(
        states.map(({ allowed }) => allowed),
        [...Array.replicate(true, 300), ...Array.replicate(false, 150)]
      )
    })
  )

  it.effect("are forgotten when they weigh no more", () =>
    Effect.gen(function* () {
      const key = freshWord()
      const redis = yield* clientOf(sharedRedis())
      const limiter = yield* limiterOn(shared)
      yield* TestClock.setTime(1_900_000_020_000)
      yield* limiter.consume(key, 5)
      assert.strictEqual(yield* Effect.promise(() => redis.get(`customers:limit:${key}`)), "31666667 1 0")
      const left = yield* Effect.promise(() => redis.pttl(`customers:limit:${key}`))
      assert.isAbove(left, 110_000)
      assert.isAtMost(left, 120_000)
    })
  )
})

describe("while Redis does not answer", () => {
  it.live("each process keeps to the limit by itself, and all of them together once it does", () =>
    Effect.gen(function* () {
      const key = freshWord()
      const server = yield* privateRedis
      const [one, other] = [yield* limiterOn(connectionTo(server.url)), yield* limiterOn(connectionTo(server.url))]
      const callsLetThrough = (limit: number) =>
        Effect.map(
          Effect.forEach([one, other], (limiter) =>
            Effect.all(Array.replicate(limiter.consume(key, limit), 10), atOnce)
          ),
          (states) => states.map((calls) => calls.filter(({ allowed }) => allowed).length)
        )

      assert.deepStrictEqual(yield* callsLetThrough(4), [4, 0])
      yield* Effect.promise(() => server.stop())
      assert.deepStrictEqual(yield* callsLetThrough(4), [4, 4])
      assert.deepStrictEqual(yield* callsLetThrough(4), [0, 0])
      yield* Effect.promise(() => server.start())
      const remaining = (limiter: typeof one) =>
        Effect.map(limiter.consume("another", 1000), (state) => state.remaining)
      const areTogether = Effect.map(
        Effect.all([remaining(one), remaining(other)]),
        ([first, second]) => second < first
      )
      yield* Effect.repeat(areTogether, { until: (together) => together, schedule: Schedule.spaced("10 millis") })
    })
  )

  it.live("a call waits for it half a second at most", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const limiter = yield* limiterOn(connectionTo(server.url))
      yield* Effect.promise(() => server.pause())
      const states = yield* Effect.timeout(
        Effect.all(Array.replicate(limiter.consume("ada", 5), 20), atOnce),
        "2 seconds"
      )
      assert.lengthOf(
        states.filter(({ allowed }) => allowed),
        5
      )
      const redis = yield* clientOf(server.url)
      yield* Effect.promise(() => server.resume())
      const isCounted = Effect.andThen(
        limiter.consume("grace", 1000),
        Effect.promise(() => redis.exists("customers:limit:grace"))
      )
      yield* Effect.repeat(isCounted, { until: (count) => count === 1, schedule: Schedule.spaced("10 millis") })
    })
  )
})
