import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as HashingQueue from "../src/passwords/HashingQueue.ts"

/** A queue of hashes that are done when the test says so. */
const openQueue = Effect.fnUntraced(function* (mostWaiting: number) {
  const queued = yield* HashingQueue.make(mostWaiting)
  const running: Array<() => void> = []
  const work = () => new Promise<void>((resolve) => running.push(resolve))
  const start = Effect.forkChild(queued(work), { startImmediately: true })

  /** Has one hash made that takes so long by the test's clock. */
  const hashFor = Effect.fnUntraced(function* (millis: number) {
    const hashing = yield* start
    yield* TestClock.adjust(millis)
    running.pop()?.()
    yield* Fiber.join(hashing)
  })

  /** Sends so many at once; how many of them run, and how many wait for their turn. The others are refused already. */
  const crowd = Effect.fnUntraced(function* (count: number) {
    const hashing = yield* Effect.all(Array.from({ length: count }, () => start))
    const admitted = hashing.filter((fiber) => fiber.pollUnsafe() === undefined).length
    const threads = running.length
    yield* Fiber.interruptAll(hashing.slice(threads))
    for (const done of running.splice(0)) done()
    yield* Effect.forEach(hashing.slice(0, threads), Fiber.join)
    return { threads, waiting: admitted - threads }
  })
  return { hashFor, crowd }
})

describe("the queue of passwords to hash", () => {
  it.effect("is bounded by number alone while nobody knows how long a hash takes", () =>
    Effect.gen(function* () {
      const { crowd } = yield* openQueue(50)
      expect((yield* crowd(100)).waiting).toBe(50)
    })
  )

  it.effect("keeps to its number where hashes are quick", () =>
    Effect.gen(function* () {
      const { crowd, hashFor } = yield* openQueue(50)
      yield* hashFor(10)
      expect((yield* crowd(100)).waiting).toBe(50)
    })
  )

  it.effect("refuses at once whoever would wait more than 3 seconds", () =>
    Effect.gen(function* () {
      const { crowd, hashFor } = yield* openQueue(256)
      yield* hashFor(250)
      const { threads, waiting } = yield* crowd(200)
      expect(waiting).toBe(12 * threads)
    })
  )

  it.effect("lets a hash run where a thread is free, however long the last ones took", () =>
    Effect.gen(function* () {
      const { crowd, hashFor } = yield* openQueue(256)
      yield* hashFor(60_000)
      const { threads, waiting } = yield* crowd(50)
      expect(threads).toBeGreaterThan(0)
      expect(waiting).toBe(0)
    })
  )

  it.effect("is long again once hashes are quick again", () =>
    Effect.gen(function* () {
      const { crowd, hashFor } = yield* openQueue(50)
      yield* hashFor(60_000)
      yield* Effect.all(Array.from({ length: 40 }, () => hashFor(10)))
      expect((yield* crowd(100)).waiting).toBe(50)
    })
  )

  it.effect("takes one hash that was slow by chance for what it is", () =>
    Effect.gen(function* () {
      const { crowd, hashFor } = yield* openQueue(10)
      yield* hashFor(50)
      yield* hashFor(1000)
      expect((yield* crowd(50)).waiting).toBe(10)
    })
  )
})
