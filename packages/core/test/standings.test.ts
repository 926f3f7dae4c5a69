import { assert, describe } from "@effect/vitest"
import { Array, DateTime, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as IncomingEvents from "../src/order/IncomingEvents.ts"
import { type LoyaltyBalance, LoyaltyService } from "../src/order/LoyaltyService.ts"
import { UpstreamUnavailable } from "../src/order/OrderService.ts"
import { type Actor, CurrentActor } from "../src/request/Actor.ts"
import * as Standings from "../src/segment/Standings.ts"
import { orderMessage, pointsMessage } from "../src/testing/incomingMessages.ts"
import { at, began, close, current, it, order, points, Scene, someone } from "./eventScene.ts"

const reason = "Agreed with the key account team"

const colleague: Actor = { kind: "staff", subject: "support-7", scopes: new Set(["customers:admin"]) }
const shop: Actor = { kind: "service", subject: "shop", scopes: new Set(["customers:read", "customers:write"]) }
const herself = (id: CustomerId): Actor => ({
  kind: "customer",
  subject: id,
  scopes: new Set(["customers:read", "customers:write"])
})

const as = (actor: Actor) => Effect.provideService(CurrentActor, actor)

const favour = (id: CustomerId) => Standings.override(id, { tier: "vip", reason }).pipe(as(colleague))

describe("where a customer stands", () => {
  it("is shown with what it follows from", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* IncomingEvents.receive([orderMessage(id, order("1200", 60)), pointsMessage(id, points(70))])
      const { customer, document } = yield* Standings.get(id)
      assert.deepStrictEqual(customer, yield* current(id))
      assert.deepInclude(document, { tier: "premium", segment: "high_value", loyaltyPoints: 70 })
      assert.deepStrictEqual(document.qualifications.premiumTier.achievedAt, at(60))
      assert.deepStrictEqual(document.updatedAt, began)
    }))

  it("counts days by the clock", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* IncomingEvents.receive([orderMessage(id, order("10", 3600))])
      yield* TestClock.adjust("49 hours")
      assert.strictEqual((yield* Standings.get(id)).document.metrics.daysSinceLastOrder, 2)
    }))

  it("does not show her what colleagues noted", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* favour(id)
      const shown = yield* Standings.get(id).pipe(as(herself(id)))
      assert.strictEqual(shown.document.tier, "vip")
      assert.notInclude(JSON.stringify(shown.document), "support-7")
      assert.strictEqual((yield* Standings.get(id).pipe(as(colleague))).document.overrides?.tier?.by, "support-7")
      const [change] = yield* Standings.history(id).pipe(as(herself(id)))
      assert.notInclude(JSON.stringify(change), "support-7")
      assert.notInclude(JSON.stringify(change), reason)
      const [told] = yield* Standings.history(id).pipe(as(colleague))
      assert.deepInclude(told, { to: "vip", by: "support-7", reason })
    }))

  it("is shown of a closed account to admins alone, and of nobody who is not there", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* close(id)
      for (const ask of [Effect.asVoid(Standings.get(id)), Effect.asVoid(Standings.history(id))]) {
        assert.strictEqual((yield* Effect.flip(ask.pipe(as(shop))))._tag, "CustomerNotFound")
        yield* ask.pipe(as(colleague))
      }
    }))
})

describe("her points", () => {
  const answering = (answer: Effect.Effect<LoyaltyBalance, UpstreamUnavailable>) =>
    Effect.provideService(LoyaltyService, { points: () => answer })
  const away = Effect.fail(new UpstreamUnavailable({ service: "loyalty", reason: "it took too long" }))
  const pointsShown = (id: CustomerId) => Effect.map(Standings.get(id), ({ document }) => document.loyaltyPoints)

  it("are what the loyalty service says, else what it said last, else what events told", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* someone, yield* someone]
      yield* IncomingEvents.receive([pointsMessage(one.id, points(70)), pointsMessage(other.id, points(30))])
      assert.strictEqual(yield* pointsShown(one.id), 70)
      assert.strictEqual(yield* pointsShown(one.id).pipe(answering(Effect.succeed({ points: 95 }))), 95)
      assert.strictEqual(yield* pointsShown(one.id).pipe(answering(away)), 95)
      assert.strictEqual(yield* pointsShown(other.id).pipe(answering(away)), 30)
    }))

  it("are no part of her version", () =>
    Effect.gen(function* () {
      const { id, version } = yield* someone
      yield* pointsShown(id).pipe(answering(Effect.succeed({ points: 95 })))
      const after = yield* current(id)
      assert.deepStrictEqual([after.version, after.segment.loyaltyPoints], [version, 0])
    }))
})

describe("an override", () => {
  it("is written, shown, audited and told to the cache", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { audits, events } = yield* CustomerMemory
      const { id } = yield* someone
      const { customer, document } = yield* favour(id)
      assert.deepInclude(document, { tier: "vip", segment: "vip" })
      assert.deepStrictEqual(customer, yield* current(id))
      assert.deepStrictEqual(scene.noted, [customer])
      assert.deepInclude(audits.at(-1), { action: "tier_overridden", actor: "support-7", reason })
      assert.strictEqual(events.at(-1)?.envelope.eventType, "CustomerSegmentChanged")
    }))

  it("is forbidden to others than admins", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      for (const actor of [shop, herself(id)]) {
        const refused = yield* Effect.flip(Standings.override(id, { tier: "vip", reason }).pipe(as(actor)))
        assert.strictEqual(refused._tag, "ActionForbidden")
      }
      assert.strictEqual(scene.writes, 0)
    }))

  it("is refused for another version than the current one", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const refused = yield* Effect.flip(Standings.override(id, { tier: "vip", reason }, 7).pipe(as(colleague)))
      assert.deepInclude(refused, { _tag: "VersionConflict", current: 1 })
      yield* Standings.override(id, { tier: "vip", reason }, 1).pipe(as(colleague))
    }))

  it("is tried again where the store does not answer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      scene.failures = 3
      const writing = yield* Effect.forkChild(favour(id))
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Fiber.join(writing)).document.tier, "vip")
      assert.strictEqual(scene.writes, 4)
    }))

  it("fails for good after four times, and tells the cache nothing", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      scene.failures = 4
      const writing = yield* Effect.forkChild(Effect.flip(favour(id)))
      yield* TestClock.adjust("2 seconds")
      assert.deepInclude(yield* Fiber.join(writing), { _tag: "SegmentUpdateFailed", customerId: id })
      assert.strictEqual(scene.writes, 4)
      assert.deepStrictEqual(scene.noted, [])
    }))

  it("that happened though the store did not say so is one change all the same", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someone
      scene.failures = 1
      scene.failuresHappenAfter = true
      const writing = yield* Effect.forkChild(favour(id))
      yield* TestClock.adjust("2 seconds")
      const { customer } = yield* Fiber.join(writing)
      assert.strictEqual(customer.version, 2)
      assert.lengthOf(yield* Standings.history(id).pipe(as(colleague)), 1)
    }))
})

describe("the review of those whose time has come", () => {
  it("makes nobody new any longer, and tells the cache", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const people = yield* Effect.all(Array.replicate(someone, 250))
      assert.strictEqual(yield* Standings.reviewDue(), 0)
      yield* TestClock.adjust("30 days")
      assert.strictEqual(yield* Standings.reviewDue(), 250)
      assert.lengthOf(scene.noted, 250)
      for (const { id } of people) {
        assert.deepInclude(yield* current(id), { version: 2 })
        assert.strictEqual((yield* current(id)).segment.segment, "regular")
      }
      assert.strictEqual(yield* Standings.reviewDue(), 0)
    }))

  it("ends an override when its time is over", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const expiresAt = DateTime.add(began, { hours: 2 })
      yield* Standings.override(id, { tier: "vip", reason, expiresAt }).pipe(as(colleague))
      yield* TestClock.adjust("119 minutes")
      assert.strictEqual(yield* Standings.reviewDue(), 0)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Standings.reviewDue(), 1)
      assert.strictEqual((yield* current(id)).segment.tier, "regular")
      const [change] = yield* Standings.history(id).pipe(as(colleague))
      assert.deepInclude(change, { from: "vip", to: "regular", cause: "override_ended" })
    }))

  it("of two at a time looks at everybody once", () =>
    Effect.gen(function* () {
      const people = yield* Effect.all(Array.replicate(someone, 150))
      yield* TestClock.adjust("30 days")
      const counts = yield* Effect.all([Standings.reviewDue(), Standings.reviewDue()], { concurrency: "unbounded" })
      assert.strictEqual(counts[0] + counts[1], 150)
      for (const { id } of people) assert.strictEqual((yield* current(id)).version, 2)
    }))
})
