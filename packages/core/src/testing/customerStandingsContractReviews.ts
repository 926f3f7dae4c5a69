import { assert } from "@effect/vitest"
import { Array, Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import type { TierChange } from "../segment/StandingRecord.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  erase,
  newcomerFor,
  promote,
  review,
  someone,
  type StandingServices
} from "./customerStandingsContractPeople.ts"
import type { PassingTime } from "./passingTime.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { bringing, circumstances } from "./strangers.ts"

const among = (reviewed: ReadonlyArray<CustomerId>, ids: ReadonlyArray<CustomerId>) =>
  reviewed.filter((id) => ids.includes(id))

/** Looks at everybody whose time has come, and at some of them again where that has their time come again. */
const reviewAll = Effect.gen(function* () {
  const all: Array<CustomerId> = []
  for (let some = yield* review(); some.length > 0; some = yield* review()) all.push(...some)
  return all
})

/** What time and other changes do to standings. */
export const reviewing = <R>(
  it: ContractSuite<StandingServices | R>,
  time: PassingTime<StandingServices | R>
): void => {
  it.effect("the standing of a newcomer is looked at when its time comes, and not before", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const facts = yield* StoredFacts
      yield* reviewAll
      const [due, erased, later] = [
        yield* newcomerFor(10_000),
        yield* newcomerFor(10_000),
        yield* newcomerFor(3_600_000)
      ]
      const ids = [due, erased, later]
      yield* erase(erased)
      assert.deepStrictEqual(among(yield* reviewAll, ids), [])
      assert.strictEqual((yield* standings.find(due)).customer.segment.segment, "new_customer")
      yield* time.advance("11 seconds")
      assert.deepStrictEqual(among(yield* reviewAll, ids), [due])
      const { customer, record } = yield* standings.find(due)
      assert.deepStrictEqual([customer.segment.segment, customer.version], ["regular", 2])
      assert.isUndefined(record.reviewAt)
      const [, told] = yield* facts.events(due)
      assert.deepInclude(told?.envelope.data, { change: "label", from: "new_customer", to: "regular" })
      yield* time.advance("1 second")
      assert.deepStrictEqual(among(yield* reviewAll, ids), [])
    })
  )

  it.effect("a review claims each customer once, also of two at a time", () =>
    Effect.gen(function* () {
      yield* reviewAll
      const repository = yield* CustomerRepository
      const ids = yield* Effect.all(Array.replicate(newcomerFor(0), 14))
      assert.isAtMost((yield* review(2)).length, 2)
      const round = Effect.map(Effect.all(Array.replicate(review(3), 6), { concurrency: "unbounded" }), (all) =>
        all.flat()
      )
      const reviewed: Array<CustomerId> = []
      for (let some = yield* round; some.length > 0; some = yield* round) reviewed.push(...some)
      assert.strictEqual(new Set(reviewed).size, reviewed.length)
      assert.isAtLeast(among(reviewed, ids).length, 12)
      const versions = (yield* repository.getMany(ids)).map(({ version }) => version)
      assert.deepStrictEqual(versions, Array.replicate(2, 14))
    })
  )

  it.effect("a tier change is kept in the history, newest first", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const [id, other] = [yield* someone, yield* someone]
      for (const tier of ["vip", "regular", "premium"] as const) yield* promote(id, tier)
      yield* promote(other, "premium")
      const history = yield* standings.history(id)
      assert.deepStrictEqual(
        history.map(({ by, cause, from, to }) => [from, to, cause, by]),
        [
          ["regular", "premium", "override", "contract"],
          ["vip", "regular", "override", "contract"],
          ["regular", "vip", "override", "contract"]
        ]
      )
      const change = (second: number): TierChange => ({
        from: "regular",
        to: "vip",
        cause: "orders",
        reason: `totalSpent ${second}.00 >= 10000`,
        achievedAt: circumstances(-second).now,
        at: circumstances(second).now
      })
      const written = Array.makeBy(100, change)
      for (const tierChange of written) yield* standings.modify(other, bringing({ tierChange }))
      assert.deepStrictEqual(yield* standings.history(other), written.toReversed())
    })
  )
}
