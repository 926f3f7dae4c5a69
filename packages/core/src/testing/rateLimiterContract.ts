import { assert, layer } from "@effect/vitest"
import { Array, Clock, Effect, type Layer } from "effect"
import { RateLimiter, windowMillis } from "../request/RateLimiter.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { freshWord } from "./strangers.ts"

/** How time passes for the limiter, and what time it is there (milliseconds since 1970). */
export interface LimiterTime extends PassingTime {
  readonly now: Effect.Effect<number>
}

const defaultTime: LimiterTime = { ...testTime, now: Clock.currentTimeMillis }

/** The contract of {@link RateLimiter}. Keys are the tests' own, so that the limiter may be shared. */
export const rateLimiterContract = <E>(
  name: string,
  adapter: Layer.Layer<RateLimiter, E>,
  time: LimiterTime = defaultTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of RateLimiter`, (it) => {
    counting(it, time)
    sliding(it, time)
  })

/** Waits for the next window to begin, and for the one before it to weigh no more. */
const windowBegins = ({ advance, now }: LimiterTime) =>
  Effect.flatMap(now, (millis) => advance(2 * windowMillis - (millis % windowMillis)))

const callsOf = (key: string, limit: number, calls: number) =>
  Effect.gen(function* () {
    const limiter = yield* RateLimiter
    const states = yield* Effect.all(Array.replicate(limiter.consume(key, limit), calls), { concurrency: "unbounded" })
    return states.filter(({ allowed }) => allowed).length
  })

const counting = (it: ContractSuite<RateLimiter>, time: LimiterTime): void => {
  it.effect("lets exactly the limit through in one window, also of concurrent calls", () =>
    Effect.gen(function* () {
      const limiter = yield* RateLimiter
      const key = freshWord()
      yield* windowBegins(time)
      const first = yield* limiter.consume(key, 20)
      assert.deepStrictEqual(first, { allowed: true, limit: 20, remaining: 19, resetSeconds: 60 })
      assert.strictEqual(yield* callsOf(key, 20, 50), 19)
      yield* time.advance("20 seconds")
      const refused = yield* limiter.consume(key, 20)
      assert.deepStrictEqual(refused, { allowed: false, limit: 20, remaining: 0, resetSeconds: 43 })
    })
  )

  it.effect("keys do not count for each other", () =>
    Effect.gen(function* () {
      const [one, other] = [freshWord(), freshWord()]
      yield* windowBegins(time)
      assert.strictEqual(yield* callsOf(one, 3, 5), 3)
      assert.strictEqual(yield* callsOf(other, 3, 5), 3)
      assert.strictEqual(yield* callsOf(`${one}:${other}`, 3, 5), 3)
    })
  )
}

const sliding = (it: ContractSuite<RateLimiter>, time: LimiterTime): void => {
  it.effect("a call that is refused does not count", () =>
    Effect.gen(function* () {
      const key = freshWord()
      yield* windowBegins(time)
      assert.strictEqual(yield* callsOf(key, 10, 100), 10)
      yield* time.advance("90 seconds")
      assert.strictEqual(yield* callsOf(key, 10, 100), 5)
      yield* time.advance("90 seconds")
      assert.strictEqual(yield* callsOf(key, 10, 100), 10)
    })
  )

  it.effect("half a window later half of the calls before weigh", () =>
    Effect.gen(function* () {
      const limiter = yield* RateLimiter
      const key = freshWord()
      yield* windowBegins(time)
      assert.strictEqual(yield* callsOf(key, 10, 6), 6)
      yield* time.advance("90 seconds")
      const state = yield* limiter.consume(key, 10)
      assert.deepStrictEqual(state, { allowed: true, limit: 10, remaining: 6, resetSeconds: 30 })
    })
  )

  it.effect("two windows later nothing weighs", () =>
    Effect.gen(function* () {
      const key = freshWord()
      yield* windowBegins(time)
      assert.strictEqual(yield* callsOf(key, 10, 10), 10)
      yield* time.advance("2 minutes")
      assert.strictEqual(yield* callsOf(key, 10, 20), 10)
    })
  )
}
