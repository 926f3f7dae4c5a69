import { assert, describe } from "@effect/vitest"
import { DateTime, Effect, Option, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Analytics from "../src/analytics/Analytics.ts"
import { AnalyticsDocument } from "../src/analytics/AnalyticsDocument.ts"
import { AnalyticsOverview } from "../src/analytics/AnalyticsOverview.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import * as IncomingEvents from "../src/order/IncomingEvents.ts"
import { LoyaltyService } from "../src/order/LoyaltyService.ts"
import { UpstreamUnavailable } from "../src/order/OrderService.ts"
import { CurrentActor } from "../src/request/Actor.ts"
import * as Standings from "../src/segment/Standings.ts"
import { orderMessage, pointsMessage } from "../src/testing/incomingMessages.ts"
import { bringing } from "../src/testing/index.ts"
import { at, began, close, it, newcomer, order, points, someone } from "./eventScene.ts"

const encodeAnalytics = Schema.encodeSync(AnalyticsDocument)
const encodeOverview = Schema.encodeSync(AnalyticsOverview)

const admin = Effect.provideService(CurrentActor, {
  kind: "staff",
  subject: "ada",
  scopes: new Set(["customers:admin"])
})
const reader = Effect.provideService(CurrentActor, {
  kind: "service",
  subject: "shop",
  scopes: new Set(["customers:read"])
})

const analyticsOf = (id: CustomerId) => Effect.map(Analytics.get(id), encodeAnalytics)

const orderFor = (id: CustomerId, ...totals: ReadonlyArray<string>) =>
  IncomingEvents.receive(totals.map((total, index) => orderMessage(id, order(total, index * 60))))

describe("a customer's analytics", () => {
  it("are not scored before there is a base, and say so", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      yield* orderFor(id, "10", "20.5")
      const { rfm } = yield* analyticsOf(id)
      assert.deepInclude(rfm.monetary, { totalSpent: 30.5 })
      for (const key of ["code", "group", "quantiles"]) assert.notProperty(rfm, key)
      for (const block of [rfm.recency, rfm.frequency, rfm.monetary]) {
        assert.notProperty(block, "score")
        assert.notProperty(block, "bounds")
      }
      assert.strictEqual(rfm.basis, "not scored: no open account had an order when bounds were last taken")
    }))

  it("are scored by the bounds that are shown with them", () =>
    Effect.gen(function* () {
      const buyers = yield* Effect.all([newcomer, newcomer, newcomer, newcomer, newcomer])
      yield* Effect.forEach(buyers, ({ id }, index) => orderFor(id, ...Array.from({ length: index + 1 }, () => "10")))
      yield* Analytics.recomputeDaily()
      yield* TestClock.adjust("2 days")
      const codes = yield* Effect.forEach(buyers, ({ id }) => Effect.map(analyticsOf(id), ({ rfm }) => rfm.code))
      assert.deepStrictEqual(codes, ["111", "222", "333", "444", "555"])
      const { rfm } = yield* analyticsOf((buyers[3] ?? assert.fail()).id)
      assert.deepStrictEqual(rfm.frequency.bounds, [1, 2, 3, 4])
      assert.deepStrictEqual(rfm.monetary.bounds, [10, 20, 30, 40])
      assert.deepStrictEqual<unknown>(
        rfm.recency.bounds,
        [0, 60, 120, 180].map((second) => DateTime.formatIso(at(second)))
      )
      assert.deepStrictEqual([rfm.recency.days, rfm.recency.boundsInDays], [2, [0, 0, 0, 0]])
      assert.deepStrictEqual(rfm.quantiles, { computedAt: DateTime.formatIso(began), baseSize: 5 })
      assert.strictEqual(rfm.group, "loyal")
    }))

  it("of whoever came from elsewhere are unknown, and not zero, until an order of hers is told of", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const unknown = yield* analyticsOf(id)
      const { intervals, lastTwelveMonths, nextOrder, points: earned, rfm, tierProgress } = unknown
      for (const block of [rfm.recency, rfm.frequency, rfm.monetary, intervals, lastTwelveMonths, earned]) {
        assert.hasAllKeys(block, ["asOf", "basis"])
        assert.match(block.basis, /not known: she came from elsewhere/)
      }
      assert.hasAllKeys(tierProgress, ["tier", "asOf", "basis"])
      assert.notProperty(nextOrder, "expectedAt")
      yield* orderFor(id, "10")
      const known = yield* analyticsOf(id)
      assert.deepInclude(known.rfm.monetary, { totalSpent: 10 })
      assert.deepInclude(known.tierProgress, { nextTier: "premium", totalSpent: 10, remaining: 990, progress: 1 })
      assert.match(known.rfm.frequency.basis, /orders from before she came here are not known/)
    }))

  it("of whoever registered here and never ordered are zero", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      const { points: earned, rfm } = yield* analyticsOf(id)
      assert.deepInclude(rfm.frequency, { orderCount: 0 })
      assert.deepInclude(rfm.monetary, { totalSpent: 0 })
      assert.notProperty(rfm.recency, "days")
      assert.deepInclude(earned, { points: 0 })
      assert.match(rfm.frequency.basis, /^no order was told of by an OrderCompleted event since she registered on /)
    }))

  it("have the points of the loyalty service, what it said last, or those of her events", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      yield* IncomingEvents.receive([pointsMessage(id, points(40, 1)), pointsMessage(id, points(2, 2))])
      const pointsWith = (answer: Effect.Effect<{ readonly points: number }, UpstreamUnavailable>) =>
        Effect.map(
          Effect.provideService(analyticsOf(id), LoyaltyService, { points: () => answer }),
          (shown) => shown.points
        )
      const away = Effect.fail(new UpstreamUnavailable({ service: "loyalty", reason: "it took too long" }))
      const ours = { points: 42, basis: "the newest balance and what came after it, of 2 loyalty events" }
      assert.deepInclude(yield* pointsWith(away), ours)
      const live = yield* pointsWith(Effect.succeed({ points: 99 }))
      assert.deepInclude(live, { points: 99, basis: "as the loyalty service says" })
      yield* TestClock.adjust("1 hour")
      const last = yield* pointsWith(away)
      assert.deepStrictEqual(last, { ...live, basis: "as the loyalty service said last" })
    }))

  it("say that her tier was set by the shop, and nothing of what colleagues noted", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      yield* Standings.override(id, { tier: "premium", reason: "a secret of the house" })
      const { tierProgress } = yield* analyticsOf(id)
      assert.deepInclude(tierProgress, { tier: "premium", nextTier: "vip", required: 10_000, remaining: 10_000 })
      assert.match(tierProgress.basis, /^set by the shop/)
      assert.notInclude(JSON.stringify(yield* analyticsOf(id)), "secret")
    }))

  it("show how near she keeps: consents by name, logins, and a score of their parts", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id } = yield* newcomer
      const login = { action: "logged_in", actorKind: "customer", actor: id, at: began } as const
      yield* repository.modify(id, (customer) =>
        Result.map(bringing({ audits: [login, login, login] })(customer), (change) => ({
          ...change,
          customer: { ...customer, lastLoginAt: began, version: customer.version + 1 }
        }))
      )
      yield* TestClock.adjust("30 days")
      const { engagement } = yield* analyticsOf(id)
      const granted = ["marketing by email", "marketing by push", "order_updates by email", "promotions by email"]
      assert.deepStrictEqual(engagement.consents, {
        granted: [...granted, "newsletter by email", "analytics by web"],
        count: 6,
        of: 9
      })
      assert.deepInclude(engagement.logins, { daysSince: 30, last30Days: 0, last90Days: 3 })
      assert.deepStrictEqual(engagement.parts, { consents: 27, lastLogin: 20, logins: 8 })
      assert.strictEqual(engagement.score, 55)
    }))

  it("of a closed account are shown to admins alone", () =>
    Effect.gen(function* () {
      const { id } = yield* newcomer
      yield* orderFor(id, "10")
      yield* close(id)
      assert.strictEqual((yield* Effect.flip(reader(analyticsOf(id))))._tag, "CustomerNotFound")
      assert.strictEqual((yield* admin(analyticsOf(id))).customerId, id)
    }))
})

describe("the overview", () => {
  it("is for admins alone", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(reader(Analytics.overview())))._tag, "ActionForbidden")
    }))

  it("counts open accounts, and puts those who ordered into groups", () =>
    Effect.gen(function* () {
      const [one, other, gone] = [yield* newcomer, yield* newcomer, yield* newcomer]
      yield* Effect.forEach([one, other, gone], ({ id }) => orderFor(id, "1500"))
      yield* close(gone.id)
      yield* newcomer
      const before = yield* admin(Effect.map(Analytics.overview(), encodeOverview))
      assert.notProperty(before, "quantiles")
      assert.isTrue(before.rfmGroups.every(({ count }) => count === 0))
      yield* Analytics.recomputeDaily()
      const overview = yield* admin(Effect.map(Analytics.overview(), encodeOverview))
      assert.strictEqual(overview.customers, 3)
      assert.deepStrictEqual(overview.tiers, [
        { tier: "regular", count: 1 },
        { tier: "premium", count: 2 },
        { tier: "vip", count: 0 }
      ])
      assert.deepStrictEqual(
        overview.rfmGroups.filter(({ count }) => count > 0),
        [{ group: "lost", count: 2 }]
      )
      assert.strictEqual(overview.rfmGroups.length, 11)
      assert.deepStrictEqual(overview.registrations, [{ month: "2031-05", count: 3 }])
      assert.strictEqual(overview.quantiles?.baseSize, 2)
      assert.strictEqual(overview.basis, "3 open accounts; groups of the 2 with an order; segments by their members")
    }))
})

describe("quantiles", () => {
  it("are taken at once where there are none, then once a day", () =>
    Effect.gen(function* () {
      const taken = () => Effect.map(Analytics.recomputeDaily(), Option.isSome)
      assert.isFalse(yield* taken())
      const { id } = yield* newcomer
      yield* orderFor(id, "10")
      assert.isTrue(yield* taken())
      yield* TestClock.adjust("23 hours")
      assert.isFalse(yield* taken())
      yield* TestClock.adjust("1 hour")
      assert.isTrue(yield* taken())
    }))
})
