import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Fiber, Layer, Logger, Metric } from "effect"
import { CircuitBreaker } from "effect/persistence"
import { TestClock } from "effect/testing"
import * as circuit from "../src/circuit.ts"
import type { Reason } from "../src/Reason.ts"
import { orders, ownMetrics, reasonOf, someone } from "./support/services.ts"
import { json, upstream } from "./support/upstream.ts"

const logged: Array<string> = []

const surroundings = Layer.mergeAll(
  CircuitBreaker.layerStoreMemory(),
  ownMetrics,
  Logger.layer([Logger.make((options) => void logged.push(Logger.formatJson.log(options)))])
)

const failing = (reason: Reason = "no answer in time") => Effect.fail(reason)

/** How a call ends: with its answer, or why not. */
const ending = <R>(call: Effect.Effect<string, Reason, R>) =>
  Effect.match(call, { onFailure: String, onSuccess: String })

const times = <A, E, R>(count: number, effect: Effect.Effect<A, E, R>) =>
  Effect.forEach(Array.range(1, count), () => effect)

const changes = Effect.map(Metric.snapshot, (snapshots) =>
  Object.fromEntries(
    snapshots.flatMap((snapshot) =>
      snapshot.id === "customer_upstream_circuit_changes_total" && snapshot.type === "Counter"
        ? [[snapshot.attributes?.["to"] ?? "", Number(snapshot.state.count)]]
        : []
    )
  )
)

const open = "circuit open"

describe("a circuit", () => {
  it.effect("opens when half of the last calls fail, and not before there were five", () =>
    Effect.gen(function* () {
      const [guarded, atFirst] = [yield* circuit.make("orders"), yield* circuit.make("loyalty")]
      const [good, bad] = [guarded(Effect.succeed("answer")), ending(guarded(failing("status 5xx")))]
      yield* times(10, good)
      yield* times(4, Effect.andThen(good, bad))
      assert.strictEqual(yield* ending(good), "answer")
      assert.strictEqual(yield* bad, "status 5xx")
      assert.strictEqual(yield* ending(good), open)

      const reasons = yield* times(6, ending(atFirst(failing())))
      assert.deepStrictEqual(reasons, [...Array.replicate("no answer in time", 5), open])
    }).pipe(Effect.provide(surroundings))
  )

  it.effect(
    "lets a single call try after a pause that grows up to half a minute, and closes with the first answer",
    () =>
      Effect.gen(function* () {
        const guarded = yield* circuit.make("orders")
        yield* times(5, ending(guarded(failing())))
        for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
          yield* TestClock.adjust({ seconds: seconds - 0.001 })
          assert.strictEqual(yield* ending(guarded(Effect.succeed("answer"))), open)
          yield* TestClock.adjust("1 millis")
          const [trying, others] = yield* Effect.all(
            [ending(guarded(Effect.delay(failing(), "1 millis"))), times(3, ending(guarded(failing())))],
            { concurrency: "unbounded" }
          ).pipe(Effect.forkChild({ startImmediately: true }), Effect.flatMap(joinLater))
          assert.deepStrictEqual([trying, others], ["no answer in time", [open, open, open]])
        }
        yield* TestClock.adjust("30 seconds")
        assert.strictEqual(yield* ending(guarded(Effect.succeed("answer"))), "answer")
        assert.deepStrictEqual(yield* times(4, ending(guarded(failing()))), Array.replicate("no answer in time", 4))
      }).pipe(Effect.provide(surroundings))
  )

  it.effect("does not count calls that were given up, nor customers who are not known", () =>
    Effect.gen(function* () {
      const guarded = yield* circuit.make("orders")
      for (const _ of Array.range(1, 10)) {
        yield* Effect.flatMap(Effect.forkChild(guarded(Effect.never), { startImmediately: true }), Fiber.interrupt)
      }
      yield* times(20, ending(guarded(failing("unknown there"))))
      assert.strictEqual(yield* ending(guarded(Effect.succeed("answer"))), "answer")
    }).pipe(Effect.provide(surroundings))
  )

  it.effect("says once that it opened and once that it closed, and counts each change", () =>
    Effect.gen(function* () {
      logged.length = 0
      const guarded = yield* circuit.make("loyalty")
      yield* times(20, ending(guarded(failing("connection refused"))))
      yield* TestClock.adjust("1 second")
      yield* times(3, ending(guarded(failing())))
      yield* TestClock.adjust("2 seconds")
      yield* times(3, guarded(Effect.succeed("answer")))
      yield* Effect.yieldNow
      assert.deepStrictEqual(yield* changes, { Open: 2, HalfOpen: 2, Closed: 1 })
      assert.lengthOf(logged, 2)
      assert.match(logged[0] ?? "", /does not answer.*"WARN".*"service":"loyalty","reason":"connection refused"/)
      assert.match(logged[1] ?? "", /asked again.*"INFO".*"service":"loyalty"/)
    }).pipe(Effect.provide(surroundings))
  )
})

/** Lets a call that takes a millisecond end. */
const joinLater = <A, E>(fiber: Fiber.Fiber<A, E>) => Effect.andThen(TestClock.adjust("1 millis"), Fiber.join(fiber))

describe("a service that fails all the time", () => {
  it.effect("is asked no more until it may be back, and then at once", () =>
    Effect.gen(function* () {
      const server = yield* upstream(json({}, 500))
      const service = yield* orders(server)
      const reasons = yield* times(20, reasonOf(service.summary(someone())))
      assert.deepStrictEqual(reasons, [...Array.replicate("status 5xx", 5), ...Array.replicate(open, 15)])
      assert.lengthOf(server.asked, 5)

      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* reasonOf(service.summary(someone())), "status 5xx")
      server.state.answer = json({ orderCount: 1, totalSpent: 20 })
      assert.strictEqual(yield* reasonOf(service.summary(someone())), open)
      yield* TestClock.adjust("2 seconds")
      yield* times(20, service.summary(someone()))
      assert.lengthOf(server.asked, 26)
    }).pipe(Effect.provide(surroundings))
  )
})
