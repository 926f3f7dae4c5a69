import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Result, Schema } from "effect"
import { readRule, ruleLimits } from "../../src/segment/rule/readRule.ts"
import { readRuleInput } from "../../src/segment/rule/readRuleInput.ts"
import { Operator, Rule } from "../../src/segment/rule/Rule.ts"
import { declaredFields } from "../../src/segment/rule/ruleFields.ts"
import { rule } from "../../src/testing/ruleArbitraries.ts"
import { ruleOf } from "./ruleScene.ts"
import { atTurns } from "./ruleVerdicts.ts"

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Something like a rule, and seldom one. */
const { nearly } = fc.letrec((tie) => ({
  nearly: fc.oneof(
    { maxDepth: 3 },
    fc.record(
      {
        field: fc.oneof(fc.constantFrom(...declaredFields.keys()), fc.constantFrom('segment("a")', "tiers", 5)),
        op: fc.oneof(fc.constantFrom(...Operator.literals), fc.constantFrom("equals", null)),
        value: fc.oneof(
          fc.constantFrom("vip", "", "2024-02-29", 5, true, null, "\0"),
          fc.array(fc.constantFrom("vip", "2024-02-29", 5, true, null), { maxLength: 3 })
        ),
        all: fc.constant([])
      },
      { requiredKeys: ["field", "op", "value"], noNullPrototype: true }
    ),
    fc.record({ all: fc.array(tie("nearly"), { maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ any: fc.array(tie("nearly"), { maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ not: tie("nearly"), any: fc.constant([]) }, { requiredKeys: ["not"], noNullPrototype: true }),
    fc.jsonValue()
  )
}))

const issuesOf = (input: unknown) => Result.match(readRuleInput(input), { onSuccess: () => [], onFailure: (it) => it })

describe("the JSON form of a rule", () => {
  it.prop([atTurns(rule)], { numRuns: 1000 })("is read as it stands, by its schema too", ([, drawn]) => {
    const json = throughJson(Schema.encodeSync(Rule)(drawn))
    assert.deepStrictEqual(readRule(json), Result.succeed(drawn))
    assert.deepStrictEqual(Schema.decodeUnknownSync(Rule)(json), drawn)
  })

  it.prop([nearly], { numRuns: 3000 })("is refused, or is what its schema and its text say", (given) => {
    const json = throughJson(given)
    Result.match(readRuleInput(json), {
      onSuccess: (read) => {
        assert.deepStrictEqual<unknown>(read, json)
        assert.deepStrictEqual(Schema.decodeUnknownSync(Rule, { onExcessProperty: "error" })(json), read)
      },
      onFailure: ([issue]) => assert.match(issue?.path ?? "", /^rule(\.(all|any|not|field|op|value|\d+))*$/)
    })
  })

  const vip = { field: "tier", op: "eq", value: "vip" }
  const aRule = "must be an object with all, any, not, or field, op and value"
  const nothingElse = "takes field, op, value and nothing else"

  it.each([
    [null, "rule", aRule],
    [["all"], "rule", aRule],
    [{ all: [vip, "vip"] }, "rule.all.1", aRule],
    [{ all: vip }, "rule.all", "must be a list of rules"],
    [{ not: { any: [vip, { not: null }] } }, "rule.not.any.1.not", aRule],
    [{ all: [], any: [] }, "rule", "takes all and nothing else"],
    [{ ...vip, all: [] }, "rule", nothingElse],
    [JSON.parse('{"field":"tier","op":"eq","value":"vip","__proto__":{}}'), "rule", nothingElse],
    [{}, "rule.field", "is not a field that rules may ask for"],
    [{ ...vip, field: "toString" }, "rule.field", "is not a field that rules may ask for"],
    [{ ...vip, field: "profile.data.ä" }, "rule.field", "is not a field that rules may ask for"],
    [{ ...vip, field: 'segment("A")' }, "rule.field", "is not a field that rules may ask for"],
    [
      { ...vip, op: "toString" },
      "rule.op",
      "must be one of eq, ne, in, exists, contains, startsWith for a field of type text"
    ],
    [{ all: [{ ...vip, value: 5 }] }, "rule.all.0.value", "must be text of at most 255 characters on one line"],
    [{ ...vip, value: "\ud800" }, "rule.value", "must be text of at most 255 characters on one line"],
    [{ ...vip, op: "in", value: ["a", null] }, "rule.value.1", "must be text of at most 255 characters on one line"],
    [{ ...vip, op: "in", value: [] }, "rule.value", "must be a list of 1 to 100 values"],
    [
      { field: "orders.count", op: "between", value: [1] },
      "rule.value",
      "must be a list of two values, the lowest first"
    ],
    [
      { field: "orders.count", op: "between", value: [4, 2] },
      "rule.value",
      "must be a list of two values, the lowest first"
    ],
    [{ field: "orders.count", op: "eq", value: 1e16 }, "rule.value", "must be a number between -1e15 and 1e15"]
  ])("%j is refused, and it is said where and why", (input, path, message) => {
    assert.deepStrictEqual(issuesOf(input), [{ path, message }])
  })

  const deep = (depth: number): unknown => (depth === 1 ? vip : { all: [deep(depth - 1)] })
  const wide = (parts: number): unknown => ({ any: Array.from({ length: parts - 1 }, () => vip) })

  it("may be so deep and so large, and no more", () => {
    assert.isTrue(Result.isSuccess(readRule(deep(ruleLimits.depth))))
    assert.isTrue(Result.isSuccess(readRule(wide(ruleLimits.parts))))
    assert.deepStrictEqual(issuesOf(deep(ruleLimits.depth + 1)), [
      { path: `rule${".all.0".repeat(10)}`, message: "is too deep: rules may be nested 10 deep" }
    ])
    assert.deepStrictEqual(issuesOf(wide(ruleLimits.parts + 1)), [
      { path: "rule.any.199", message: "is too much: a rule has at most 200 conditions and groups" }
    ])
  })

  it("may be nested as deep as JSON can be without a word of the stack", () => {
    assert.lengthOf(issuesOf(deep(5000)), 1)
  })

  it("may not be longer as text than a text that is given", () => {
    const long = { field: "tier", op: "in", value: Array.from({ length: 100 }, () => "x".repeat(200)) }
    assert.deepStrictEqual(issuesOf(long), [
      { path: "rule", message: "is too long: a rule has at most 8000 characters as text" }
    ])
  })
})

describe("the text form of a rule, where a rule is given", () => {
  it("is read as the rule it says", () => {
    const text = 'tier = "vip" or not lastOrder within 30 days'
    assert.deepStrictEqual(readRuleInput(text), Result.succeed(ruleOf(text)))
  })

  it("is refused with the column in the message", () => {
    assert.deepStrictEqual(issuesOf("orders.count >="), [
      { path: "rule", message: "column 16: expected a value after >=" }
    ])
  })
})
