import { CorrelationId, OrderFigures, UpstreamUnavailable } from "@customer-service/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { loyalty, migrated, orders, reasonOf, someone } from "./support/services.ts"
import { json, text, upstream } from "./support/upstream.ts"

const shown = Schema.encodeSync(OrderFigures)

const summary = {
  orderCount: 23,
  totalSpent: 5420.5,
  averageOrderValue: 235.67,
  lastOrderDate: "2024-10-25T10:00:00.000Z",
  currency: "USD"
}

/** What the order service is understood to say when it answers so. */
const understood = Effect.fnUntraced(function* (body: unknown) {
  const { url } = yield* upstream(json(body))
  const service = yield* orders({ url })
  return shown(yield* service.summary(someone()))
})

describe("an answer of the order service", () => {
  it.live("is understood as it is, under data, and under data.summary, whatever else stands there", () =>
    Effect.gen(function* () {
      const bodies = [
        summary,
        { success: true, data: summary },
        { success: true, data: { summary, page: {} } },
        { summary },
        { data: null, ...summary, customerId: "cust_456", returns: { count: 1 } }
      ]
      for (const body of bodies) assert.deepStrictEqual(yield* understood(body), summary)
    })
  )

  it.live("may have its amounts as text", () =>
    Effect.gen(function* () {
      const body = { ...summary, orderCount: "23", totalSpent: "5420.50", averageOrderValue: "235.6739" }
      assert.deepStrictEqual(yield* understood(body), summary)
    })
  )

  it.live("needs no more than the count and the sum", () =>
    Effect.gen(function* () {
      const least = { orderCount: 23, totalSpent: 5420.5, averageOrderValue: null, lastOrderDate: null, currency: null }
      const { lastOrderDate: _, ...rest } = summary
      assert.deepStrictEqual(yield* understood(least), rest)
      assert.deepStrictEqual(yield* understood({ orderCount: 0, totalSpent: "0" }), {
        orderCount: 0,
        totalSpent: 0,
        averageOrderValue: 0,
        currency: "USD"
      })
    })
  )

  it.live("that is not what it should be is none", () =>
    Effect.gen(function* () {
      const server = yield* upstream()
      const bodies = [
        null,
        [],
        "orders",
        0,
        {},
        { data: {} },
        { data: { summary: { orderCount: 1 } } },
        { ...summary, orderCount: -1 },
        { ...summary, orderCount: 1.5 },
        { ...summary, totalSpent: "many" },
        { ...summary, totalSpent: "1e999999999" },
        { ...summary, totalSpent: 1e300 },
        { ...summary, totalSpent: [5420.5] },
        { ...summary, averageOrderValue: "NaN" },
        { ...summary, lastOrderDate: 0 },
        { ...summary, lastOrderDate: "yesterday" },
        { ...summary, currency: "dollars" },
        { summary: { orderCount: "x" }, ...summary }
      ]
      for (const body of bodies) {
        server.state.answer = json(body)
        const service = yield* orders(server)
        assert.strictEqual(yield* reasonOf(service.summary(someone())), "unreadable answer", JSON.stringify(body))
      }
    })
  )
})

describe("an answer of the loyalty service", () => {
  it.live("is understood as a number or an object, as it is or under data", () =>
    Effect.gen(function* () {
      const server = yield* upstream()
      const service = yield* loyalty(server)
      for (const points of [2500, "2500", { points: 2500, tier: "gold" }]) {
        for (const body of [{ points }, { success: true, data: { points, customerId: "cust_456" } }]) {
          server.state.answer = json(body)
          assert.deepStrictEqual(yield* service.points(someone()), { points: 2500 })
        }
      }
    })
  )

  it.live("that is not what it should be is none", () =>
    Effect.gen(function* () {
      const server = yield* upstream()
      for (const body of [0, {}, { data: 0 }, { points: null }, { points: -1 }, { points: 0.5 }, { points: {} }]) {
        server.state.answer = json(body)
        const service = yield* loyalty(server)
        assert.strictEqual(yield* reasonOf(service.points(someone())), "unreadable answer")
      }
    })
  )
})

describe("a question", () => {
  it.live("goes to the specification's path, with the correlation id and the token", () =>
    Effect.gen(function* () {
      const server = yield* upstream(json({ ...summary, points: 1 }))
      const options = { url: `${server.url}/shop/`, bearer: Redacted.make("secret-token") }
      const [one, other] = [someone(), someone()]
      const { summary: ask } = yield* orders(options)
      const { points } = yield* loyalty(options)
      yield* Effect.provideService(ask(one), CorrelationId, "corr-1")
      yield* points(other)
      const [first, second] = server.asked
      assert.strictEqual(first?.path, `/shop/orders/customer/${one.id}/summary`)
      assert.strictEqual(second?.path, `/shop/loyalty/customer/${other.id}/points`)
      assert.deepInclude(first?.headers, { authorization: "Bearer secret-token", "x-correlation-id": "corr-1" })
      assert.notProperty(second?.headers ?? {}, "x-correlation-id")
    })
  )

  it.live("about somebody who is not known by her id is asked by her old one", () =>
    Effect.gen(function* () {
      const server = yield* upstream((request, response) =>
        request.url === "/orders/customer/4711/summary"
          ? json(summary)(request, response)
          : json({ success: false, error: { code: "CUSTOMER_NOT_FOUND" } }, 404)(request, response)
      )
      const service = yield* orders(server)
      assert.deepStrictEqual(shown(yield* service.summary(migrated(4711))), summary)
      assert.strictEqual(yield* reasonOf(service.summary(migrated(4712))), "unknown there")
      assert.strictEqual(yield* reasonOf(service.summary(someone())), "unknown there")
      assert.lengthOf(server.asked, 5)
    })
  )

  it.live("that is answered with an error names the service and why, and nothing that it said", () =>
    Effect.gen(function* () {
      const server = yield* upstream(text('{"email": "jane@example.com"', 200))
      const bearer = Redacted.make("secret-token")
      const service = yield* orders({ ...server, bearer })
      const error = yield* Effect.flip(service.summary(someone()))
      assert.deepStrictEqual(error, new UpstreamUnavailable({ service: "orders", reason: "unreadable answer" }))
      assert.notMatch(JSON.stringify(error), /jane|secret|127\.0\.0\.1/)
    })
  )
})
