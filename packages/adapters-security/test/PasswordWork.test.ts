import { describe, expect, it } from "@effect/vitest"
import { hash as bcryptOf } from "@node-rs/bcrypt"
import { Effect, Exit, Fiber, Scope } from "effect"
import { argon2id, bcrypt, type Hasher, hasherWith } from "./passwords.ts"

const password = "correct horse battery staple"
const atOnce = { concurrency: "unbounded" } as const

/** The processor time that an effect takes in all threads, in milliseconds: waiting for others does not count. */
const workOf = (effect: Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const before = process.cpuUsage()
    yield* effect
    const { system, user } = process.cpuUsage(before)
    return (system + user) / 1000
  })

describe("the work of a comparison", () => {
  it.live("is that of a hash, whoever has none and whatever cannot or must not be computed", () =>
    Effect.gen(function* () {
      const { hash, verify } = yield* hasherWith({ algorithm: "bcrypt", bcryptCost: 9 })
      const own = yield* hash(password)
      const cheap = yield* Effect.promise(() => bcryptOf("another", { cost: 4 }))
      const dear = "$2b$31$abcdefghijklmnopqrstuuKwXAzUMZVlSHLqwbSPdH6ZVHLtgmyDi"
      const others = [undefined, "", "$unknown$", dear, dear.replace("31", "16"), cheap]
      const least = new Map<string | undefined, number>()
      for (const stored of Array.from({ length: 6 }, () => [own, ...others]).flat()) {
        const work = yield* workOf(verify("wrong", stored))
        least.set(stored, Math.min(work, least.get(stored) ?? Number.POSITIVE_INFINITY))
      }
      const usual = least.get(own) ?? 0
      for (const stored of others) {
        expect((least.get(stored) ?? 0) / usual).toBeGreaterThan(0.7)
        expect((least.get(stored) ?? 0) / usual).toBeLessThan(1.5)
      }
    })
  )
})

describe("many passwords at once", () => {
  const outcomes = ({ hash }: Hasher, count: number) =>
    Effect.map(
      Effect.all(
        Array.from({ length: count }, () => Effect.exit(hash(password))),
        atOnce
      ),
      (exits) => exits.filter(Exit.isSuccess).length
    )

  it.live("leave the main thread free", () =>
    Effect.gen(function* () {
      const { hash } = yield* hasherWith(argon2id)
      let turns = 0
      const turning = Effect.forever(
        Effect.andThen(
          Effect.yieldNow,
          Effect.sync(() => {
            turns += 1
          })
        )
      )
      yield* Effect.race(
        Effect.all(
          Array.from({ length: 8 }, () => hash(password)),
          atOnce
        ),
        turning
      )
      expect(turns).toBeGreaterThan(100)
    })
  )

  it.live("wait for their turn up to a bound; the others are told at once", () =>
    Effect.gen(function* () {
      const busy = yield* hasherWith({ ...bcrypt, mostWaiting: 0 })
      const threads = yield* outcomes(busy, 50)
      expect(threads).toBeGreaterThan(0)
      expect(threads).toBeLessThanOrEqual(3)

      const patient = yield* hasherWith({ ...bcrypt, mostWaiting: 5 })
      expect(yield* outcomes(patient, 50)).toBe(threads + 5)
      expect(yield* outcomes(patient, threads + 5)).toBe(threads + 5)
    })
  )

  it.live("of callers who hang up keep their threads until they are done, and their place in the queue no longer", () =>
    Effect.gen(function* () {
      const hasher = yield* hasherWith({ algorithm: "bcrypt", bcryptCost: 10, mostWaiting: 1 })
      const threads = (yield* outcomes(hasher, 50)) - 1
      const scope = yield* Scope.make()
      const start = Effect.forkIn(hasher.hash(password), scope, { startImmediately: true })
      const running = yield* Effect.all(Array.from({ length: threads }, () => start))
      const waiting = yield* start
      expect(yield* outcomes(hasher, 1)).toBe(0)

      yield* Fiber.interrupt(waiting)
      const next = yield* start
      expect(yield* outcomes(hasher, 1)).toBe(0)

      const hangUp = yield* Effect.forkIn(Fiber.interruptAll(running), scope, { startImmediately: true })
      expect(yield* outcomes(hasher, 1)).toBe(0)
      yield* Fiber.join(hangUp)
      expect((yield* Fiber.await(next))._tag).toBe("Success")
      expect(yield* outcomes(hasher, threads + 1)).toBe(threads + 1)
    })
  )
})
