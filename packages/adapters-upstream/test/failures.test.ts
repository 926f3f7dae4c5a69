import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { orders, outcomes, ownMetrics, reasonOf, someone } from "./support/services.ts"
import { json, neverAnswer, text, trickle, truncated, until, upstream } from "./support/upstream.ts"

const timeoutMillis = 200

/** What a busy machine may take for its own. */
const margin = 200

const summary = { orderCount: 1, totalSpent: 20 }

/** Why there was no answer, which it takes no longer to tell than the time there is. */
const reasonInTime = Effect.fnUntraced(function* (url: string) {
  const service = yield* orders({ url, timeoutMillis })
  const [elapsed, reason] = yield* Effect.timed(reasonOf(service.summary(someone())))
  assert.isBelow(Duration.toMillis(elapsed), timeoutMillis + margin)
  return reason
})

describe("a service that fails", () => {
  it.live("is given no longer than its time where it does not answer, and not asked twice", () =>
    Effect.gen(function* () {
      const server = yield* upstream(neverAnswer)
      assert.strictEqual(yield* reasonInTime(server.url), "no answer in time")
      assert.lengthOf(server.asked, 1)
      yield* until(() => server.connections.size === 0)
    })
  )

  it.live("is given no longer than its time where its answer trickles", () =>
    Effect.gen(function* () {
      const server = yield* upstream(trickle)
      assert.strictEqual(yield* reasonInTime(server.url), "no answer in time")
      yield* until(() => server.connections.size === 0)
    })
  )

  it.live("gives no answer where it answers with an error, or not what it should", () =>
    Effect.gen(function* () {
      const server = yield* upstream()
      const answers = [
        [json({ success: false }, 500), "status 5xx"],
        [json(summary, 503), "status 5xx"],
        [json({ success: false }, 401), "status 4xx"],
        [text("<h1>Not Found</h1>", 404), "status 4xx"],
        [json({ success: false }, 404), "unknown there"],
        [text("<h1>Hello</h1>"), "unreadable answer"],
        [text(""), "unreadable answer"],
        [text("", 204), "unreadable answer"],
        [truncated, "connection failed"]
      ] as const
      for (const [answer, reason] of answers) {
        server.state.answer = answer
        assert.strictEqual(yield* reasonInTime(server.url), reason)
      }
    })
  )

  it.live("is not read on where its answer is longer than it can be", () =>
    Effect.gen(function* () {
      const server = yield* upstream(json({ ...summary, note: "x".repeat(65_536) }))
      assert.strictEqual(yield* reasonInTime(server.url), "connection failed")
      yield* until(() => server.connections.size === 0)
    })
  )

  it.live("leads nowhere else", () =>
    Effect.gen(function* () {
      const [server, other] = [yield* upstream(), yield* upstream(json(summary))]
      server.state.answer = (_, response) => void response.writeHead(302, { location: other.url }).end()
      assert.strictEqual(yield* reasonInTime(server.url), "status 3xx")
      assert.lengthOf(other.asked, 0)
    })
  )

  it.live("gives no answer where nobody listens, or there is no such host", () =>
    Effect.gen(function* () {
      const server = yield* upstream()
      yield* server.die
      assert.strictEqual(yield* reasonInTime(server.url), "connection refused")
      assert.include(["connection failed", "no answer in time"], yield* reasonInTime("http://nobody.invalid"))
    })
  )

  it.live("is counted by how it failed", () =>
    Effect.gen(function* () {
      const server = yield* upstream(json(summary))
      const service = yield* orders(server)
      yield* service.summary(someone())
      server.state.answer = json({}, 500)
      yield* reasonOf(service.summary(someone()))
      yield* reasonOf(service.summary(someone()))
      assert.deepStrictEqual(yield* outcomes, { answered: 1, "status 5xx": 2 })
    }).pipe(Effect.provide(ownMetrics))
  )
})

/** Runs when a connection has been refused. */
const refused = Effect.callback<void>((resume) => {
  const tell = () => resume(Effect.void)
  subscribe("undici:client:connectError", tell)
  return Effect.sync(() => unsubscribe("undici:client:connectError", tell))
})

describe("a refused connection", () => {
  it.live("is tried once more", () =>
    Effect.gen(function* () {
      const server = yield* upstream(json(summary))
      yield* server.die
      const service = yield* orders({ ...server, timeoutMillis: 4000 })
      const isRefused = yield* Effect.forkChild(refused, { startImmediately: true })
      const asking = yield* Effect.forkChild(service.summary(someone()))
      yield* Fiber.join(isRefused)
      yield* server.comeBack
      assert.strictEqual((yield* Fiber.join(asking)).orderCount, 1)
      assert.lengthOf(server.asked, 1)
    })
  )

  it.live("is not tried a third time", () =>
    Effect.gen(function* () {
      const server = yield* upstream()
      yield* server.die
      let count = 0
      const counting = () => {
        count += 1
      }
      subscribe("undici:client:connectError", counting)
      assert.strictEqual(yield* reasonInTime(server.url), "connection refused")
      unsubscribe("undici:client:connectError", counting)
      assert.strictEqual(count, 2)
    })
  )
})
