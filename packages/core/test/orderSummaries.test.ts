import { assert, describe } from "@effect/vitest"
import { BigDecimal, DateTime, Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import * as IncomingEvents from "../src/order/IncomingEvents.ts"
import { type KnownCustomer, type OrderFigures, OrderService, UpstreamUnavailable } from "../src/order/OrderService.ts"
import * as OrderSummaries from "../src/order/OrderSummaries.ts"
import { AnswersUnavailable, UpstreamAnswers } from "../src/order/UpstreamAnswers.ts"
import { CurrentActor } from "../src/request/Actor.ts"
import { orderMessage } from "../src/testing/incomingMessages.ts"
import { at, began, close, it, newcomer, order, someone } from "./eventScene.ts"

const away = Effect.fail(new UpstreamUnavailable({ service: "orders", reason: "it took too long" }))

const figures: OrderFigures = {
  orderCount: 23,
  totalSpent: BigDecimal.fromStringUnsafe("5420.50"),
  averageOrderValue: BigDecimal.fromStringUnsafe("235.67"),
  lastOrderDate: at(0),
  currency: "EUR"
}

/** The order service, answering like this. */
const asked = (summary: (customer: KnownCustomer) => Effect.Effect<OrderFigures, UpstreamUnavailable>) =>
  Effect.provideService(OrderService, { summary })

const onTheWire = Schema.encodeSync(OrderSummaries.OrderSummary)

const summaryOf = (id: CustomerId) => Effect.map(OrderSummaries.summary(id), onTheWire)

describe("the summary of a customer's orders", () => {
  it("is what the order service says, as of now", () =>
    Effect.gen(function* () {
      const { id, legacyId } = yield* someone
      const seen: Array<KnownCustomer> = []
      const answering = asked((customer) => Effect.sync(() => (seen.push(customer), figures)))
      assert.deepStrictEqual(yield* summaryOf(id).pipe(answering), {
        orderCount: 23,
        totalSpent: 5420.5,
        averageOrderValue: 235.67,
        lastOrderDate: DateTime.formatIso(at(0)),
        currency: "EUR",
        freshness: "live",
        asOf: DateTime.formatIso(began)
      })
      assert.deepStrictEqual(seen, [{ id, legacyId }])
    }))

  it("is what it said last while it does not answer, as of then", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const live = yield* summaryOf(id).pipe(asked(() => Effect.succeed(figures)))
      yield* TestClock.adjust("3 hours")
      const cached = yield* summaryOf(id).pipe(asked(() => away))
      assert.deepStrictEqual(cached, { ...live, freshness: "cached" })
    }))

  it("is what her orders' events come to where the order service never answered", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* IncomingEvents.receive([orderMessage(id, order("100", 60)), orderMessage(id, order("50.5", 30))])
      const derived = {
        orderCount: 2,
        totalSpent: 150.5,
        averageOrderValue: 75.25,
        lastOrderDate: DateTime.formatIso(at(60)),
        currency: "USD",
        freshness: "derived",
        asOf: DateTime.formatIso(began)
      } as const
      assert.deepStrictEqual(yield* summaryOf(id).pipe(asked(() => away)), derived)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* summaryOf(id), derived)
    }))

  it("says that it is derived where nobody has told of an order", () =>
    Effect.gen(function* () {
      const { createdAt, id } = yield* newcomer
      const summary = yield* summaryOf(id).pipe(asked(() => away))
      assert.deepInclude(summary, { orderCount: 0, totalSpent: 0, freshness: "derived" })
      assert.strictEqual(summary.asOf, DateTime.formatIso(createdAt))
      assert.notProperty(summary, "lastOrderDate")
    }))

  it("is not told of whoever came from elsewhere, as long as nothing is known of her orders", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      assert.strictEqual((yield* Effect.flip(summaryOf(id).pipe(asked(() => away))))._tag, "UpstreamUnavailable")
      yield* IncomingEvents.receive([orderMessage(id, order("100", 60))])
      assert.strictEqual((yield* summaryOf(id).pipe(asked(() => away))).freshness, "derived")
    }))

  it("is never another customer's", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* newcomer, yield* newcomer]
      yield* summaryOf(one.id).pipe(asked(() => Effect.succeed(figures)))
      assert.strictEqual((yield* summaryOf(other.id).pipe(asked(() => away))).freshness, "derived")
    }))

  it("is live though the answer cannot be kept, and derived where what was kept cannot be had", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      const lost = Effect.fail(new AnswersUnavailable())
      const unkept = Layer.succeed(UpstreamAnswers, { get: () => lost, put: () => lost, forget: () => lost })
      const live = yield* summaryOf(id).pipe(
        asked(() => Effect.succeed(figures)),
        Effect.provide(unkept)
      )
      assert.strictEqual(live.freshness, "live")
      const derived = yield* summaryOf(id).pipe(
        asked(() => away),
        Effect.provide(unkept)
      )
      assert.strictEqual(derived.freshness, "derived")
    }))

  it("is derived where what was kept is of a form that is not known any more", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      const answers = yield* UpstreamAnswers
      for (const json of ["{", '{"orderCount": -1}', "null"]) {
        yield* answers.put("orders", id, { json, asOf: began })
        assert.strictEqual((yield* summaryOf(id).pipe(asked(() => away))).freshness, "derived")
      }
    }))

  it("of a closed account is shown to admins alone, and asked of nobody for anybody else", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      let asks = 0
      const counting = asked(() => Effect.sync(() => ((asks += 1), figures)))
      yield* close(id)
      const reader = { kind: "service", subject: "shop", scopes: new Set(["customers:read"]) } as const
      const refused = yield* Effect.flip(summaryOf(id).pipe(counting, Effect.provideService(CurrentActor, reader)))
      assert.strictEqual(refused._tag, "CustomerNotFound")
      assert.strictEqual(asks, 0)
      assert.strictEqual((yield* summaryOf(id).pipe(counting)).freshness, "live")
    }))
})
