import { assert, layer } from "@effect/vitest"
import { Array, Effect, type Layer } from "effect"
import { type AttemptLimit, AttemptLimiter } from "../request/AttemptLimiter.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { freshWord } from "./strangers.ts"

/** The contract of {@link AttemptLimiter}. Keys are the tests' own, so that the limiter may be shared. */
export const attemptLimiterContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<AttemptLimiter | R, E>,
  time: PassingTime<R | AttemptLimiter> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of AttemptLimiter`, (it) => {
    counting(it)
    waiting(it, time)
    forgiving(it)
  })

const limit: AttemptLimit = { most: 5, windowSeconds: 600 }

const penal: AttemptLimit = { ...limit, penaltySeconds: 1800 }

/** How many of 20 attempts at once are let through. */
const admitted = Effect.fnUntraced(function* (key: string, by: AttemptLimit = limit) {
  const limiter = yield* AttemptLimiter
  const states = yield* Effect.all(Array.replicate(limiter.take(key, by), 20), { concurrency: "unbounded" })
  return states.filter(({ allowed }) => allowed).length
})

/** Asserts that an attempt is refused for about so many seconds; a limiter of real time may have got on a little. */
const refusedFor = Effect.fnUntraced(function* (seconds: number, key: string, by: AttemptLimit) {
  const limiter = yield* AttemptLimiter
  const { allowed, retryAfterSeconds } = yield* limiter.take(key, by)
  assert.isFalse(allowed)
  assert.isTrue(Number.isInteger(retryAfterSeconds))
  assert.isAtMost(retryAfterSeconds, seconds)
  assert.isAtLeast(retryAfterSeconds, seconds - 10)
  return retryAfterSeconds
})

const counting = (it: ContractSuite<AttemptLimiter>): void => {
  it.effect("lets exactly the limit through, also of concurrent attempts", () =>
    Effect.gen(function* () {
      const limiter = yield* AttemptLimiter
      const [plain, penalised] = [freshWord(), freshWord()]
      assert.isTrue((yield* limiter.take(plain, limit)).allowed)
      assert.strictEqual(yield* admitted(plain), 4)
      assert.strictEqual(yield* admitted(penalised, penal), 5)
      assert.strictEqual(yield* admitted(penalised, penal), 0)
    })
  )

  it.effect("keys do not count for each other", () =>
    Effect.gen(function* () {
      const [one, other] = [freshWord(), freshWord()]
      for (const key of [one, other, `${one}:${other}`, one.toUpperCase()]) {
        assert.strictEqual(yield* admitted(key), 5)
      }
    })
  )
}

const waiting = <R>(it: ContractSuite<AttemptLimiter | R>, time: PassingTime<R | AttemptLimiter>): void => {
  it.effect("says after how many seconds another attempt may be made, and lets it through then", () =>
    Effect.gen(function* () {
      const limiter = yield* AttemptLimiter
      const [plain, penalised] = [freshWord(), freshWord()]
      yield* limiter.take(plain, limit)
      yield* limiter.take(penalised, penal)
      yield* time.advance("500 seconds")
      assert.strictEqual(yield* admitted(plain), 4)
      assert.strictEqual(yield* admitted(penalised, penal), 4)
      yield* time.advance({ seconds: yield* refusedFor(100, plain, limit) })
      assert.strictEqual(yield* admitted(plain), 5)
      yield* time.advance({ seconds: yield* refusedFor(1700, penalised, penal) })
      assert.strictEqual(yield* admitted(penalised, penal), 5)
    })
  )

  it.effect("an attempt that is refused does not prolong the wait", () =>
    Effect.gen(function* () {
      const [plain, penalised] = [freshWord(), freshWord()]
      yield* admitted(plain)
      yield* admitted(penalised, penal)
      yield* time.advance("300 seconds")
      yield* refusedFor(300, plain, limit)
      yield* refusedFor(1500, penalised, penal)
      yield* time.advance("300 seconds")
      assert.strictEqual(yield* admitted(plain), 5)
      yield* time.advance({ seconds: yield* refusedFor(1200, penalised, penal) })
      assert.strictEqual(yield* admitted(penalised, penal), 5)
    })
  )
}

const forgiving = (it: ContractSuite<AttemptLimiter>): void => {
  it.effect("an attempt that was given back does not count", () =>
    Effect.gen(function* () {
      const limiter = yield* AttemptLimiter
      const key = freshWord()
      yield* Effect.all(Array.replicate(limiter.giveBack(key), 3))
      assert.strictEqual(yield* admitted(key, penal), 5)
      yield* limiter.giveBack(key)
      yield* limiter.giveBack(key)
      assert.strictEqual(yield* admitted(key, penal), 2)
      const takeAndGiveBack = Effect.andThen(limiter.take(`${key}:free`, limit), limiter.giveBack(`${key}:free`))
      yield* Effect.all(Array.replicate(takeAndGiveBack, 10))
      assert.strictEqual(yield* admitted(`${key}:free`), 5)
    })
  )

  it.effect("keys that were forgotten start anew", () =>
    Effect.gen(function* () {
      const limiter = yield* AttemptLimiter
      const [key, other] = [freshWord(), freshWord()]
      yield* admitted(key, penal)
      yield* admitted(other, penal)
      yield* limiter.forget(key)
      assert.strictEqual(yield* admitted(key, penal), 5)
      assert.strictEqual(yield* admitted(other, penal), 0)
      yield* limiter.forget(freshWord())
    })
  )
}
