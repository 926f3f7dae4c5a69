import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
import * as Timelines from "../src/journey/Timelines.ts"
import { formatCursor, parseCursor } from "../src/journey/timelinePages.ts"
import { type Actor, CurrentActor, itself } from "../src/request/Actor.ts"
import { promote, someone } from "../src/testing/customerStandingsContractPeople.ts"
import { acting, suspendFor } from "../src/testing/customerTimelineContractDeeds.ts"
import { besideMemory } from "./memoryLayers.ts"

const ada: Actor = { kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) }

layer(besideMemory)("a timeline", (it) => {
  it.effect("tells services and staff who it was and why, and her only what was hers and what the rules say", () =>
    Effect.gen(function* () {
      const id = yield* acting(ada, "came", someone)
      yield* acting(itself("events"), "ordered", promote(id, "vip"))
      yield* acting(ada, "kept-out", suspendFor(id, "chargebacks", 200))
      const shownTo = (actor: Actor) =>
        Effect.map(Effect.provideService(Timelines.page(id, { limit: 10 }), CurrentActor, actor), ({ entries }) =>
          entries.map(({ by, details, type }) => ({ type, by, reason: details.reason }))
        )
      const herself: Actor = { kind: "customer", subject: id, scopes: new Set(["customers:read"]) }
      const [contract, events] = [
        { kind: "service", subject: "contract" },
        { kind: "service", subject: "events" }
      ]
      const agreed = "agreed with the key account team"
      const staff = { kind: "staff", subject: "ada" }
      assert.deepStrictEqual<unknown>(yield* shownTo(ada), [
        { type: "CustomerProfileUpdated", by: staff, reason: undefined },
        { type: "suspended", by: contract, reason: "chargebacks" },
        { type: "CustomerSegmentChanged", by: events, reason: "tier is vip" },
        { type: "CustomerSegmentChanged", by: events, reason: agreed },
        { type: "tier_overridden", by: contract, reason: agreed },
        { type: "CustomerCreated", by: staff, reason: undefined }
      ])
      assert.deepStrictEqual<unknown>(yield* shownTo(herself), [
        { type: "CustomerProfileUpdated", by: { kind: "staff" }, reason: undefined },
        { type: "suspended", by: { kind: "service" }, reason: undefined },
        { type: "CustomerSegmentChanged", by: { kind: "service" }, reason: "tier is vip" },
        { type: "CustomerSegmentChanged", by: { kind: "service" }, reason: agreed },
        { type: "tier_overridden", by: { kind: "service" }, reason: undefined },
        { type: "CustomerCreated", by: { kind: "staff" }, reason: undefined }
      ])
    })
  )
})

describe("a cursor of a timeline", () => {
  it("is read as it was written, and nothing else is", () => {
    const place = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(place, place, (event, audit) => {
        assert.deepStrictEqual(parseCursor(formatCursor({ event, audit })), { event, audit })
      })
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cursor = parseCursor(text)
        if (cursor !== undefined) assert.deepStrictEqual(parseCursor(formatCursor(cursor)), cursor)
      })
    )
    for (const text of ["", "[]", "WzFd", "WzEsMiwzXQ", "WzEuNSwyXQ", "WzEsLTFd", "WzEsOTAwNzE5OTI1NDc0MDk5Ml0"]) {
      assert.isUndefined(parseCursor(text))
    }
  })
})
