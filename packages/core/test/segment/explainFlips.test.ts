import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime } from "effect"
import { flippedClauses, reasonOf } from "../../src/segment/rule/explainFlips.ts"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { matches } from "../../src/segment/rule/matches.ts"
import { Arbitraries } from "../../src/testing/index.ts"
import { address, daysAgo, now, ruleOf, somebody } from "./ruleScene.ts"
import { atTurns } from "./ruleVerdicts.ts"

const turned = (rule: string, before: Facts, after: Facts, from = now): ReadonlyArray<string> =>
  flippedClauses(ruleOf(rule), before, from.epochMilliseconds, after, now.epochMilliseconds)

describe("the clauses that flipped", () => {
  it("are those with another verdict than before, with the figures that may be told", () => {
    const before = somebody({ orders: 4 })
    const after = somebody({ orders: 5 })
    assert.deepStrictEqual(turned(`status = "active" and orders.count >= 5 and not orders.count < 5`, before, after), [
      "orders.count >= 5 holds now (5)",
      "orders.count < 5 holds no longer (5)"
    ])
  })

  it("are also those that time alone turned", () => {
    const { customer, ...rest } = somebody()
    const newcomer = { ...rest, customer: { ...customer, createdAt: daysAgo(30) } }
    assert.deepStrictEqual(
      turned("createdAt within 30 days", newcomer, newcomer, DateTime.add(now, { milliseconds: -1 })),
      ["createdAt within 30 days holds no longer"]
    )
  })

  it("tell nothing of who she is", () => {
    const rule =
      `profile.firstName = "Jane" or email contains "jane" or address.city = "Paris" or address.country = "FR" ` +
      `or profile.data.allergy = "nuts"`
    const after = somebody({
      customer: { profile: { firstName: "Jane", data: { allergy: "nuts" } } },
      addresses: [address("FR", "Paris")]
    })
    assert.deepStrictEqual(turned(rule, somebody(), after), [
      "the condition on profile.firstName holds now",
      "the condition on address.city holds now",
      `address.country = "FR" holds now`,
      "the condition on profile.data.allergy holds now"
    ])
  })

  const moved = atTurns((moment) =>
    fc.tuple(Arbitraries.rule(moment), Arbitraries.facts(moment), Arbitraries.facts(moment))
  )

  it.prop([moved], { numRuns: 1000 })(
    "are some wherever the verdict is another one",
    ([moment, [rule, before, after]]) => {
      const at = moment.epochMilliseconds
      const flipped = flippedClauses(rule, before, at, after, at)
      if (matches(rule, before, moment) !== matches(rule, after, moment)) assert.isNotEmpty(flipped)
      assert.isAtMost(reasonOf(flipped).length, 500)
      assert.notMatch(reasonOf(flipped), /\p{Cc}/u)
    }
  )
})

describe("a reason", () => {
  it("joins what flipped to one line", () => {
    assert.strictEqual(reasonOf(["a holds now", "b holds no longer"]), "a holds now; b holds no longer")
  })

  it("says how much more there is than fits", () => {
    const clauses = Array.from({ length: 40 }, (_, place) => `orders.count >= ${place + 100} holds now (200)`)
    const reason = reasonOf(clauses)
    assert.isAtMost(reason.length, 500)
    assert.match(reason, /; \d+ more conditions$/)
    assert.strictEqual(reasonOf(["x".repeat(495), "y holds now"]), "2 more conditions")
  })

  it("speaks of the rule as a whole where no clause flipped", () => {
    assert.strictEqual(reasonOf([]), "the rule as a whole decides otherwise now")
  })
})
