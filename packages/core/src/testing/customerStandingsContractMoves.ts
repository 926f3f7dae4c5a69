import { assert } from "@effect/vitest"
import { BigDecimal, Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerStandings, type TierMove } from "../segment/CustomerStandings.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  erase,
  policy,
  promote,
  review,
  settleAll,
  spender,
  type StandingServices
} from "./customerStandingsContractPeople.ts"
import { plain } from "./strangers.ts"

/** Thresholds of another shop. */
const others = { ...policy, premiumFrom: BigDecimal.fromNumberUnsafe(500), vipFrom: BigDecimal.fromNumberUnsafe(2000) }

/** Customers of whom some would be elsewhere under other thresholds. */
const people = Effect.gen(function* () {
  const someone = {
    stays: yield* spender("499.99"),
    rises: yield* spender("500"),
    risesToo: yield* spender("999.9999"),
    soars: yield* spender("2000"),
    favourite: yield* spender("600"),
    demoted: yield* spender("15000"),
    erased: yield* spender("700")
  }
  yield* promote(someone.favourite, "premium")
  yield* promote(someone.demoted, "regular")
  yield* erase(someone.erased)
  return someone
})

const idsOf = (moves: ReadonlyArray<TierMove>, from: string, to: string) =>
  moves.flatMap((move) => (move.from === from && move.to === to ? move.customers : []))

const countOf = (moves: ReadonlyArray<TierMove>, from: string, to: string) =>
  moves.filter((move) => move.from === from && move.to === to).reduce((sum, { count }) => sum + count, 0)

const versionsOf = (ids: ReadonlyArray<CustomerId>) =>
  Effect.flatMap(CustomerStandings, (standings) =>
    Effect.forEach(ids, (id) => Effect.map(standings.find(id), ({ customer }) => plain(customer)))
  )

/** What other thresholds would do, and what they do. */
export const moving = (it: ContractSuite<StandingServices>): void => {
  it.effect("a preview tells who would move under other thresholds, and moves nobody", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const before = yield* standings.preview(others, 100_000)
      const { erased, ...there } = yield* people
      const as = yield* versionsOf(Object.values(there))
      const moves = yield* standings.preview(others, 100_000)
      const { demoted, favourite, rises, risesToo, soars, stays } = there
      assert.includeMembers([...idsOf(moves, "regular", "premium")], [rises, risesToo])
      assert.include(idsOf(moves, "premium", "vip"), soars)
      const all = moves.flatMap(({ customers }) => customers)
      for (const id of [stays, favourite, demoted, erased]) assert.notInclude(all, id)
      assert.strictEqual(countOf(moves, "regular", "premium"), countOf(before, "regular", "premium") + 2)
      assert.strictEqual(countOf(moves, "premium", "vip"), countOf(before, "premium", "vip") + 1)
      const few = yield* standings.preview(others, 1)
      for (const { customers, from, to } of few) {
        assert.lengthOf(customers, 1)
        assert.strictEqual(countOf(few, from, to), countOf(moves, from, to))
      }
      assert.deepStrictEqual(yield* versionsOf(Object.values(there)), as)
    })
  )

  it.effect("a recheck has everybody looked at whose tier is another under the thresholds in force", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      yield* settleAll(others)
      const { erased, ...there } = yield* people
      const { rises, risesToo, soars } = there
      const counted = yield* standings.recheck(others)
      const moves = yield* standings.preview(others, 1)
      assert.strictEqual(
        counted,
        moves.reduce((sum, { count }) => sum + count, 0)
      )
      const reviewed = yield* review(1000, others)
      const ids = new Set([...Object.values(there), erased])
      assert.sameMembers(
        reviewed.filter((id) => ids.has(id)),
        [rises, risesToo, soars]
      )
      const after = yield* Effect.forEach(Object.entries(there), ([name, id]) =>
        Effect.map(standings.find(id), ({ customer }) => [name, customer.segment.tier] as const)
      )
      assert.deepStrictEqual(Object.fromEntries(after), {
        stays: "regular",
        rises: "premium",
        risesToo: "premium",
        soars: "vip",
        favourite: "premium",
        demoted: "regular"
      })
      const [change] = yield* standings.history(rises)
      assert.deepInclude(change, { from: "regular", to: "premium", cause: "policy" })
      assert.deepStrictEqual(yield* standings.recheck(others), 0)
    })
  )
}
