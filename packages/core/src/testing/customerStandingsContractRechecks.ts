import { assert } from "@effect/vitest"
import { BigDecimal, DateTime, Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import * as StandingDecisions from "../segment/StandingDecisions.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  newcomerFor,
  policy,
  review,
  settleAll,
  someone,
  spender,
  type StandingServices
} from "./customerStandingsContractPeople.ts"
import { assertFates, at, order, orderOf } from "./inboxContractMessages.ts"
import { bringing, circumstances } from "./strangers.ts"

/** Puts the label of a VIP on her by hand, whatever she has spent. */
const praise = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const request = { segment: "vip" as const, reason: "agreed with the key account team" }
  yield* standings.modify(id, (customer, record) =>
    StandingDecisions.override(customer, record, request, policy, circumstances(120))
  )
})

/** A customer with orders of these totals, one a minute. */
const buyer = Effect.fnUntraced(function* (...totals: ReadonlyArray<string>) {
  const id = yield* someone
  const orders = totals.map((total, minute) => orderOf(id, order(total, minute * 60)))
  yield* assertFates(
    orders.toReversed(),
    orders.map(() => "applied")
  )
  return id
})

const standingOf = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const { customer, record } = yield* standings.find(id)
  const { highValueSince, premiumSince, reviewAt, vipSince } = record
  const { segment, tier } = customer.segment
  return { tier, segment, version: customer.version, dates: [premiumSince, vipSince, highValueSince], reviewAt }
})

/** What thresholds do that have changed, beside the tiers. */
export const rechecking = (it: ContractSuite<StandingServices>): void => {
  it.effect("a recheck has everybody looked at whose label is another under the thresholds in force", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const dearer = { ...policy, highValueFrom: BigDecimal.fromNumberUnsafe(300) }
      yield* settleAll(policy)
      const [falls, stays, praised] = [yield* spender("299.9999"), yield* spender("300"), yield* spender("250")]
      yield* praise(praised)
      assert.strictEqual((yield* standingOf(falls)).segment, "high_value")
      yield* settleAll(policy)
      assert.deepStrictEqual(yield* standings.preview(dearer, 0), [])
      assert.isAtLeast(yield* standings.recheck(dearer), 1)
      const reviewed = yield* review(1000, dearer)
      assert.deepStrictEqual(
        [falls, stays, praised].filter((id) => reviewed.includes(id)),
        [falls]
      )
      const labels = (yield* Effect.forEach([falls, stays, praised], standingOf)).map(({ segment }) => segment)
      assert.deepStrictEqual(labels, ["new_customer", "high_value", "vip"])
      yield* settleAll(dearer)
      assert.strictEqual(yield* standings.recheck(dearer), 0)
    })
  )

  it.effect(
    "a recheck brings the dates on which orders met thresholds up to date, and keeps those of whoever has none",
    () =>
      Effect.gen(function* () {
        const standings = yield* CustomerStandings
        const others = {
          ...policy,
          premiumFrom: BigDecimal.fromNumberUnsafe(600),
          vipFrom: BigDecimal.fromNumberUnsafe(1300),
          highValueFrom: BigDecimal.fromNumberUnsafe(350)
        }
        const [stays, falls, imported] = [
          yield* buyer("300", "300", "600"),
          yield* buyer("600", "1", "800"),
          yield* spender("1200")
        ]
        const dates = { premiumSince: at(-5), highValueSince: at(-6) }
        yield* standings.modify(imported, (customer, record) =>
          bringing({ standing: { ...record, ...dates } })(customer)
        )
        assert.deepStrictEqual((yield* standingOf(stays)).dates, [at(120), undefined, at(0)])
        assert.deepStrictEqual((yield* standingOf(falls)).dates, [at(120), undefined, at(0)])
        yield* settleAll(policy)
        const before = yield* Effect.forEach([stays, imported], standingOf)
        assert.isAtLeast(yield* standings.recheck(others), 2)
        const rechecked = yield* Effect.forEach([stays, imported], standingOf)
        assert.deepStrictEqual(rechecked, [
          { ...before[0], dates: [at(60), undefined, at(120)], reviewAt: yield* DateTime.now },
          before[1]
        ])
        const reviewed = yield* review(1000, others)
        assert.includeMembers([...reviewed], [stays, falls])
        assert.notInclude(reviewed, imported)
        assert.deepStrictEqual(
          { ...(yield* standingOf(stays)), reviewAt: undefined },
          { ...rechecked[0], reviewAt: undefined }
        )
        assert.deepInclude(yield* standingOf(falls), { tier: "vip", dates: [at(0), at(120), at(0)] })
        yield* settleAll(others)
        assert.strictEqual(yield* standings.recheck(others), 0)
        yield* settleAll(policy)
        assert.deepStrictEqual((yield* standingOf(falls)).dates, [at(120), undefined, at(0)])
      })
  )

  it.effect("a recheck has newcomers looked at when they are new no longer", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      yield* settleAll(policy)
      const id = yield* newcomerFor(3_600_000)
      const until = DateTime.add(yield* DateTime.now, { hours: 1 })
      const longer = { ...policy, newCustomerDays: policy.newCustomerDays + 10 }
      const shorter = { ...policy, newCustomerDays: policy.newCustomerDays - 10 }
      const before = yield* standingOf(id)
      assert.deepStrictEqual(before.reviewAt, until)
      assert.isAtLeast(yield* standings.recheck(longer), 1)
      assert.deepStrictEqual(yield* standingOf(id), { ...before, reviewAt: DateTime.add(until, { days: 10 }) })
      assert.notInclude(yield* review(1000, longer), id)
      assert.strictEqual(yield* standings.recheck(longer), 0)
      assert.isAtLeast(yield* standings.recheck(shorter), 1)
      assert.include(yield* review(1000, shorter), id)
      assert.deepInclude(yield* standingOf(id), { segment: "regular", version: 2, reviewAt: undefined })
      assert.strictEqual(yield* standings.recheck(shorter), 0)
    })
  )
}
