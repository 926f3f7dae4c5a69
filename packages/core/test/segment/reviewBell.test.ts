import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { CustomerId } from "../../src/customer/CustomerId.ts"
import { CustomerRepository } from "../../src/customer/CustomerRepository.ts"
import { Inbox } from "../../src/event/Inbox.ts"
import { ReviewBell } from "../../src/segment/ReviewBell.ts"
import { bringing, registration } from "../../src/testing/index.ts"
import { promote } from "../../src/testing/customerStandingsContractPeople.ts"
import { assertFates, order, orderOf, restating } from "../../src/testing/inboxContractMessages.ts"
import {
  changeSegment,
  person,
  recompute,
  reviewThese,
  scoring,
  segmentOf,
  settle,
  setScore,
  step
} from "../../src/testing/segmentContractPeople.ts"
import { besideMemory } from "../memoryLayers.ts"

/** Runs beside a store of its own; `rung` takes out for whom the bell has been rung since. */
const ringing = <A, E, R>(test: (rung: () => ReadonlyArray<CustomerId>) => Effect.Effect<A, E, R>) => {
  const all: Array<CustomerId> = []
  const bell = { ring: (ids: ReadonlyArray<CustomerId>) => Effect.sync(() => void all.push(...ids)) }
  const stores = Layer.fresh(besideMemory).pipe(Layer.provide(Layer.succeed(ReviewBell, bell)))
  return Effect.provide(
    test(() => all.splice(0)),
    stores
  )
}

describe("the bell for reviews", () => {
  it.effect("is rung for whom a write has marked, by whatever port", () =>
    ringing((rung) =>
      Effect.gen(function* () {
        const repository = yield* CustomerRepository
        const { id } = yield* repository.insert(registration())
        assert.deepStrictEqual(rung(), [id])
        yield* promote(id, "vip")
        assert.deepStrictEqual(rung(), [id])
        yield* segmentOf({ field: "orders.count", op: "gt", value: 5 })
        yield* assertFates([orderOf(id, order("10")), orderOf(id, order("20"))], ["applied", "applied"])
        assert.deepStrictEqual(rung(), [id])
      })
    )
  )

  it.effect("is not rung where nothing changed that a segment depends on, nor for a review", () =>
    ringing((rung) =>
      Effect.gen(function* () {
        const repository = yield* CustomerRepository
        const id = yield* person("a group")
        rung()
        yield* setScore(id, 7)
        yield* repository.modify(id, bringing({ audits: [] }))
        yield* settle()
        assert.deepStrictEqual(rung(), [])
      })
    )
  )

  it.effect("is not rung for what is taken back", () =>
    ringing((rung) =>
      Effect.gen(function* () {
        const inbox = yield* Inbox
        const [lucky, unlucky] = [yield* person("a group"), yield* person("a group")]
        yield* settle()
        rung()
        const sound = yield* restating()
        const broken = inbox.receive([orderOf(lucky, order("20000")), orderOf(unlucky, order("20000"))], {
          ...sound,
          restate: (customer, record, figures) => {
            if (customer.id === unlucky) throw new Error("a decision with a flaw")
            return sound.restate(customer, record, figures)
          }
        })
        yield* Effect.exit(broken)
        assert.deepStrictEqual([rung(), yield* settle()], [[], []])
        yield* promote(unlucky, "vip")
        assert.deepStrictEqual(rung(), [unlucky])
      })
    )
  )

  it.effect("is rung at the switch for whom a recompute has to look at again", () =>
    ringing((rung) =>
      Effect.gen(function* () {
        const segment = yield* segmentOf(scoring("a group", "gte", 5))
        const ids = [yield* person("a group", 1), yield* person("a group", 2), yield* person("a group", 3)]
        yield* settle()
        yield* changeSegment(segment, { rule: scoring("a group", "lt", 3) })
        yield* step(2)
        yield* Effect.forEach(ids.slice(0, 1), (id) => setScore(id, 4))
        yield* reviewThese(ids)
        rung()
        yield* recompute()
        assert.deepStrictEqual(rung(), ids.slice(0, 1))
      })
    )
  )
})
