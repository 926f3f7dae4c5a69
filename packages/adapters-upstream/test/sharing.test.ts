import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Fiber } from "effect"
import { migrated, orders, reasonOf, someone } from "./support/services.ts"
import { json, neverAnswer, until, upstream } from "./support/upstream.ts"

const answer = json({ orderCount: 1, totalSpent: 20 })
const atOnce = { concurrency: "unbounded" } as const

/** A service that answers when it is told to. */
const holding = Effect.gen(function* () {
  const held: Array<() => void> = []
  const server = yield* upstream((request, response) => void held.push(() => answer(request, response)))
  return { ...server, release: () => held.splice(0).forEach((go) => go()) }
})

describe("calls about one customer", () => {
  it.live("that are under way at once are one", () =>
    Effect.gen(function* () {
      const server = yield* holding
      const service = yield* orders(server)
      const customer = migrated(4711)
      const asking = yield* Effect.forkChild(
        Effect.all(
          Array.replicate(
            Effect.suspend(() => service.summary({ ...customer })),
            20
          ),
          atOnce
        )
      )
      yield* until(() => server.asked.length > 0)
      server.release()
      assert.lengthOf(yield* Fiber.join(asking), 20)
      assert.lengthOf(server.asked, 1)
      const again = yield* Effect.forkChild(service.summary(customer))
      yield* until(() => server.asked.length === 2)
      server.release()
      yield* Fiber.join(again)
    })
  )

  it.live("go on when one of those who wait goes away, and end with the last", () =>
    Effect.gen(function* () {
      const server = yield* holding
      const service = yield* orders(server)
      const customer = someone()
      const [first, second] = [
        yield* Effect.forkChild(service.summary(customer), { startImmediately: true }),
        yield* Effect.forkChild(service.summary(customer), { startImmediately: true })
      ]
      yield* until(() => server.asked.length > 0)
      yield* Fiber.interrupt(first)
      server.release()
      assert.strictEqual((yield* Fiber.join(second)).orderCount, 1)

      const alone = yield* Effect.forkChild(service.summary(customer))
      yield* until(() => server.asked.length === 2)
      yield* Fiber.interrupt(alone)
      yield* until(() => server.connections.size === 0)
    })
  )
})

describe("calls about many customers", () => {
  it.live("are so many at once and no more; further ones are not kept waiting", () =>
    Effect.gen(function* () {
      const server = yield* holding
      const service = yield* orders({ ...server, concurrency: 4 })
      const asking = yield* Effect.forkChild(
        Effect.forEach(Array.range(1, 4), () => service.summary(someone()), atOnce),
        { startImmediately: true }
      )
      const further = yield* Effect.forEach(Array.range(1, 20), () => reasonOf(service.summary(someone())), atOnce)
      assert.deepStrictEqual(new Set(further), new Set(["busy"]))
      yield* until(() => server.asked.length === 4)
      server.release()
      assert.lengthOf(yield* Fiber.join(asking), 4)
      assert.lengthOf(server.asked, 4)

      server.state.answer = answer
      assert.strictEqual((yield* service.summary(someone())).orderCount, 1)
    })
  )

  it.live("share connections, also after one was given up", () =>
    Effect.gen(function* () {
      const server = yield* upstream(answer)
      const service = yield* orders({ ...server, concurrency: 2 })
      for (const _ of Array.range(1, 20)) yield* service.summary(someone())
      assert.isAtMost(server.connections.size, 2)

      server.state.answer = neverAnswer
      const given = yield* Effect.forkChild(service.summary(someone()))
      yield* until(() => server.asked.length === 21)
      yield* Fiber.interrupt(given)
      server.state.answer = answer
      for (const _ of Array.range(1, 20)) yield* service.summary(someone())
      assert.isAtMost(server.connections.size, 2)
    })
  )

  it.live("end with the service that makes them", () =>
    Effect.gen(function* () {
      const server = yield* upstream(answer)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const service = yield* orders(server)
          yield* service.summary(someone())
          server.state.answer = neverAnswer
          yield* Effect.forkChild(service.summary(someone()), { startImmediately: true })
          yield* until(() => server.asked.length === 2)
        })
      )
      yield* until(() => server.connections.size === 0)
    })
  )
})
