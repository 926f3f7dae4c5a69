import { CustomerRepository, Outbox } from "@customer-service/core"
import { registration } from "@customer-service/core/testing"
import { PgClient } from "@effect/sql-pg"
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Option, Queue } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import * as OutboxBell from "../src/OutboxBell.ts"
import { postgres } from "./support/database.ts"
import { AnotherOutbox, outboxOfTwoProcesses } from "./support/outbox.ts"

/** How many milliseconds an effect takes. */
const timeOf = (effect: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    yield* effect
    return (yield* Clock.currentTimeMillis) - began
  })

/** Waits until nothing has been rung for a second. */
const quiet = (outbox: Outbox.Outbox["Service"]) =>
  Effect.repeat(timeOf(outbox.untilChanged), { until: (passed) => passed >= 1000 })

/** How long after somebody is registered the relay of another process is woken. */
const wakeTime = Effect.gen(function* () {
  const customers = yield* CustomerRepository.CustomerRepository
  const other = yield* AnotherOutbox
  const waiter = yield* Effect.forkChild(other.untilChanged, { startImmediately: true })
  yield* customers.insert(registration())
  return yield* timeOf(Fiber.join(waiter))
})

const listeners = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ pid: number }>`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND (query LIKE 'LISTEN %' OR query = 'SELECT 1')`
  return rows.map(({ pid }) => pid)
})

layer(outboxOfTwoProcesses, { excludeTestServices: true })("the relay of another process", (it) => {
  it.effect("is woken at once by a write", () =>
    Effect.gen(function* () {
      yield* quiet(yield* AnotherOutbox)
      const times = yield* Effect.all([wakeTime, wakeTime, wakeTime, wakeTime, wakeTime])
      assert.isBelow(times.toSorted((one, other) => one - other)[2] ?? Infinity, 100)
    })
  )

  it.effect("listens again once its connection is lost", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const other = yield* AnotherOutbox
      yield* other.untilChanged
      const lost = yield* Effect.repeat(listeners, { until: (pids) => pids.length === 1 })
      yield* sql`SELECT pg_terminate_backend(${lost[0] ?? 0})`
      yield* Effect.repeat(listeners, { until: (pids) => pids.length === 1 && pids[0] !== lost[0] })
      yield* quiet(other)
      assert.isBelow(yield* wakeTime, 500)
    })
  )
})

/** Counts strokes until there are none for a while. */
const strokesIn = Effect.fnUntraced(function* (strokes: Queue.Dequeue<unknown, SqlError.SqlError>) {
  let count = 0
  while (Option.isSome(yield* Effect.timeoutOption(Queue.take(strokes), "300 millis"))) count += 1
  return count
})

layer(Layer.provideMerge(OutboxBell.layerNotify, postgres), { excludeTestServices: true })("a bell", (it) => {
  it.effect("that is rung a thousand times strikes a few times, and once more for the last", () =>
    Effect.gen(function* () {
      const bell = yield* OutboxBell.OutboxBell
      const client = yield* PgClient.PgClient
      const strokes = yield* client.listen("customer_outbox")
      yield* bell.ring
      yield* Queue.take(strokes)
      yield* Effect.repeat(bell.ring, { times: 1000 })
      assert.include([1, 2, 3, 4, 5], yield* strokesIn(strokes))
      yield* bell.ring
      assert.strictEqual(yield* strokesIn(strokes), 1)
    })
  )
})
