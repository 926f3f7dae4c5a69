import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime, Schema } from "effect"
import { explainRule } from "../../src/segment/rule/explainRule.ts"
import { matches } from "../../src/segment/rule/matches.ts"
import { everyone, noOne, partsOf, type Rule } from "../../src/segment/rule/Rule.ts"
import { type ExplainedPart, RuleExplanation } from "../../src/segment/rule/RuleExplanation.ts"
import { Arbitraries } from "../../src/testing/index.ts"
import { address, daysAgo, now, ruleOf, somebody } from "./ruleScene.ts"
import { atTurns } from "./ruleVerdicts.ts"

const asked = atTurns((moment) => fc.tuple(Arbitraries.rule(moment), Arbitraries.facts(moment)))

const partsIn = (part: ExplainedPart): ReadonlyArray<ExplainedPart> => (part.kind === "clause" ? [] : part.parts)

/** Each part of a rule beside what is explained of it. */
const pairs = (rule: Rule, part: ExplainedPart): ReadonlyArray<readonly [Rule, ExplainedPart]> => [
  [rule, part],
  ...partsOf(rule).flatMap((inner, place) => {
    const explained = partsIn(part)[place]
    return explained === undefined ? [] : pairs(inner, explained)
  })
]

const countParts = (rule: Rule): number => partsOf(rule).reduce((sum, part) => sum + countParts(part), 1)

describe("an explanation", () => {
  it.prop([asked], { numRuns: 2000 })("gives every part the verdict of the engine", ([moment, [rule, facts]]) => {
    const explanation = explainRule(rule, facts, moment)
    const explained = pairs(rule, explanation.tree)
    assert.strictEqual(explanation.verdict, matches(rule, facts, moment))
    assert.lengthOf(explained, countParts(rule))
    for (const [part, { verdict }] of explained) assert.strictEqual(verdict, matches(part, facts, moment))
  })

  it.prop([asked], { numRuns: 300 })("stays what it is on its way through JSON", ([moment, [rule, facts]]) => {
    const codec = Schema.toCodecJson(RuleExplanation)
    const explanation = explainRule(rule, facts, moment)
    const text = JSON.stringify(Schema.encodeSync(codec)(explanation))
    assert.deepStrictEqual(Schema.decodeUnknownSync(codec)(JSON.parse(text)), explanation)
  })

  it("shows values as they are on the wire", () => {
    const shopper = somebody({ orders: 3, spent: "100", lastOrderAt: daysAgo(12), addresses: [address("US", "Rome")] })
    const shown = (text: string) => {
      const { tree } = explainRule(ruleOf(text), shopper, now)
      return tree.kind === "clause" ? tree.actual : []
    }
    assert.deepStrictEqual(shown("orders.average > 1"), [33.3333])
    assert.deepStrictEqual(shown("lastOrder exists"), ["2026-11-13T10:00:00.000Z"])
    assert.deepStrictEqual(shown(`address.country = "DE"`), ["US"])
    assert.deepStrictEqual(shown("profile.dateOfBirth exists"), [])
  })

  it("says of each clause what is asked for, what there is, and what would turn it", () => {
    const { tree } = explainRule(ruleOf("orders.count >= 5"), somebody({ orders: 3 }), now)
    assert.deepStrictEqual(tree, {
      kind: "clause",
      text: "orders.count >= 5",
      field: "orders.count",
      op: "gte",
      required: 5,
      actual: [3],
      verdict: false,
      english: "she has 3 orders, which is below 5",
      change: { set: [{ field: "orders.count", to: 5 }], english: "the number of her orders becomes 5" }
    })
  })
})

describe("a summary", () => {
  const summary = (text: string, facts = somebody()): string => explainRule(ruleOf(text), facts, now).summary

  it("names the conditions that are not met where all should be", () => {
    assert.strictEqual(
      summary(`status = "active" and tier = "vip" and orders.count >= 5`, somebody({ orders: 3 })),
      "She does not meet the rule: her tier is regular, which is not vip; she has 3 orders, which is below 5. " +
        "What would change it: her tier becomes vip and the number of her orders becomes 5."
    )
  })

  it("names those that are met where one is enough", () => {
    assert.strictEqual(
      summary(`tier = "vip" or orders.count >= 3 or status = "pending"`, somebody({ orders: 3 })),
      "She meets the rule: she has 3 orders, which is at least 3. " +
        "What would change it: the number of her orders becomes 2."
    )
  })

  it("says when time will change it", () => {
    assert.strictEqual(
      summary("createdAt within 30 days", somebody({ customer: { createdAt: DateTime.makeUnsafe(daysAgo(1)) } })),
      "She meets the rule: she registered 1 day ago, which is within the last 30 days. " +
        "Time will change it: on 2026-12-24 at 10:00 UTC, when 30 days since her registration are over."
    )
  })

  it("says where nothing was found that would change it", () => {
    assert.strictEqual(
      summary("createdAt within 30 days"),
      "She does not meet the rule: she registered 100 days ago, which is not within the last 30 days. " +
        "No change of her data, nor time, was found that would change it."
    )
  })

  it("says that a closed account belongs to no segment, whatever its rule", () => {
    const closed = somebody({ customer: { status: "inactive" } })
    assert.strictEqual(
      summary(`tier = "regular"`, closed),
      "She meets the rule: her tier is regular. But her account is closed, and belongs to no segment."
    )
    assert.isUndefined(explainRule(ruleOf(`tier = "regular"`), closed, now).change)
  })

  it("leaves out what would be too much", () => {
    const many = Array.from({ length: 20 }, (_, place) => `orders.count >= ${place + 1}`).join(" and ")
    assert.include(summary(many), "; 15 other conditions decide. What would change it: the number of her orders")
  })

  it("knows rules that ask for nothing, and rules that nobody meets", () => {
    assert.match(explainRule(everyone, somebody(), now).summary, /^She meets the rule: it asks for nothing\./)
    assert.match(explainRule(noOne, somebody(), now).summary, /^She does not meet the rule: nobody does\./)
  })
})
