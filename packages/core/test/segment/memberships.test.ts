import { assert, describe, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import type { CustomerId } from "../../src/customer/CustomerId.ts"
import { CustomerRepository } from "../../src/customer/CustomerRepository.ts"
import { type Actor, CurrentActor } from "../../src/request/Actor.ts"
import * as MembershipCache from "../../src/segment/MembershipCache.ts"
import * as MembershipReviews from "../../src/segment/MembershipReviews.ts"
import * as Memberships from "../../src/segment/Memberships.ts"
import * as Recomputes from "../../src/segment/Recomputes.ts"
import * as Segments from "../../src/segment/Segments.ts"
import { SegmentName } from "../../src/segment/Segment.ts"
import { SegmentWatch } from "../../src/segment/SegmentWatch.ts"
import { registration, written } from "../../src/testing/index.ts"
import { besideMemory } from "../memoryLayers.ts"

const colleague: Actor = { kind: "staff", subject: "support-7", scopes: new Set(["customers:admin"]) }
const shop: Actor = { kind: "service", subject: "shop", scopes: new Set(["customers:read", "customers:write"]) }
const herself = (id: CustomerId): Actor => ({ kind: "customer", subject: id, scopes: new Set(["customers:read"]) })

const as = (actor: Actor) => Effect.provideService(CurrentActor, actor)

const watching = Effect.sync(() => {
  let known = 0
  return { revision: () => known, see: (revision: number) => void (known = revision) }
})

const Everything = Layer.mergeAll(
  besideMemory,
  MembershipCache.layerMemory(),
  SecureRandom.layerWebCrypto,
  Layer.effect(SegmentWatch, watching)
)

const someone = Effect.gen(function* () {
  yield* Recomputes.run()
  const repository = yield* CustomerRepository
  const { createdAt, id } = yield* repository.insert(registration())
  yield* TestClock.setTime(createdAt.epochMilliseconds)
  return id
})

const change = (id: CustomerId, type: "business" | "individual") =>
  Effect.flatMap(CustomerRepository, (repository) =>
    repository.modify(id, (customer) =>
      Result.succeed(written({ ...customer, customerType: type, version: customer.version + 1 }))
    )
  )

const namesOf = (id: CustomerId) => Effect.map(Memberships.of(id), (views) => views.map(({ name }) => name))

/** What stands in the cache is told apart from what is read anew. */
const plant = (id: CustomerId, change: Partial<MembershipCache.CachedMemberships> = {}) =>
  Effect.gen(function* () {
    const cache = yield* MembershipCache.MembershipCache
    const kept = Option.getOrThrow(yield* cache.get(id))
    yield* cache.put(id, { ...kept, json: "[]", ...change })
  })

layer(Everything)("memberships", (it) => {
  describe("of a customer", () => {
    it.effect("are hers as soon as she is there", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* namesOf(yield* someone), ["all-customers", "new-customers", "regular-customers"])
      })
    )

    it.effect("follow what was written just before", () =>
      Effect.gen(function* () {
        const id = yield* someone
        yield* namesOf(id)
        yield* change(id, "business")
        assert.deepStrictEqual(yield* namesOf(id), ["all-customers", "new-customers", "wholesale-customers"])
      })
    )

    it.effect("come from the cache as long as nothing has changed", () =>
      Effect.gen(function* () {
        const id = yield* someone
        yield* namesOf(id)
        yield* plant(id)
        assert.deepStrictEqual(yield* namesOf(id), [])
        yield* change(id, "business")
        assert.notDeepEqual(yield* namesOf(id), [])
      })
    )

    it.effect("are read anew once time has moved her", () =>
      Effect.gen(function* () {
        const id = yield* someone
        yield* namesOf(id)
        yield* plant(id)
        yield* TestClock.adjust("30 days")
        assert.deepStrictEqual(yield* namesOf(id), ["all-customers", "regular-customers"])
      })
    )

    it.effect("are read anew once a rule has come into force", () =>
      Effect.gen(function* () {
        const id = yield* someone
        yield* namesOf(id)
        yield* plant(id)
        yield* Segments.create({ name: SegmentName.make(`everyone-${id}`), rule: "everybody" }).pipe(as(colleague))
        yield* Recomputes.run()
        assert.include(yield* namesOf(id), `everyone-${id}`)
      })
    )
  })

  describe("that time moves", () => {
    it.effect("are looked at within a minute of the moment, by whoever reviews in the background", () =>
      Effect.gen(function* () {
        const id = yield* someone
        yield* MembershipReviews.reviewDue()
        const monthIsOver = DateTime.add(yield* DateTime.now, { days: 30 })
        yield* TestClock.setTime(monthIsOver.epochMilliseconds - 60_000)
        yield* Effect.forkChild(Effect.repeat(MembershipReviews.reviewDue(), MembershipReviews.pause))
        const isNew = Segments.members("new-customers", { limit: 100 }).pipe(
          as(colleague),
          Effect.map(({ members }) => members.some(({ customer }) => customer.id === id))
        )
        yield* TestClock.adjust("59 seconds")
        assert.isTrue(yield* isNew)
        yield* TestClock.adjust("1 minute")
        assert.isFalse(yield* isNew)
      })
    )
  })

  describe("by a colleague's word", () => {
    it.effect("stand in the rule's place until their time is over", () =>
      Effect.gen(function* () {
        const id = yield* someone
        const expiresAt = DateTime.add(yield* DateTime.now, { days: 2 })
        const word = { member: true, reason: "A friend of the house", expiresAt }
        yield* Memberships.except(id, "vip-customers", word).pipe(as(colleague))
        assert.include(yield* namesOf(id), "vip-customers")
        yield* TestClock.adjust("2 days")
        assert.notInclude(yield* namesOf(id), "vip-customers")
      })
    )

    it.effect("are explained to services and staff, and to herself without the note shown", () =>
      Effect.gen(function* () {
        const id = yield* someone
        yield* Memberships.except(id, "vip-customers", { member: true, reason: "A friend of the house" }).pipe(
          as(colleague)
        )
        const explained = yield* Memberships.explain(id, "vip-customers").pipe(as(shop))
        assert.deepInclude(explained, { member: true, because: "exception" })
        assert.include(JSON.stringify(explained), "A friend of the house")
        const refused = yield* Effect.flip(Memberships.explain(id, "vip-customers").pipe(as(herself(id))))
        assert.strictEqual(refused._tag, "ActionForbidden")
        assert.notInclude(JSON.stringify(yield* Memberships.of(id).pipe(as(herself(id)))), "A friend of the house")
      })
    )
  })
})
