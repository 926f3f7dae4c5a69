import { assert, describe } from "@effect/vitest"
import { it } from "@fast-check/vitest"
import { Result } from "effect"
import { everyone, noOne, type Rule } from "../../src/segment/rule/Rule.ts"
import { parseRule, printRule } from "../../src/segment/rule/ruleText.ts"
import { rule } from "../../src/testing/ruleArbitraries.ts"
import { ruleOf } from "./ruleScene.ts"
import { atTurns } from "./ruleVerdicts.ts"

const vip: Rule = { field: "tier", op: "eq", value: "vip" }
const often: Rule = { field: "orders.count", op: "gte", value: 5 }
const mails: Rule = { field: "preferences.marketing.emailOptIn", op: "eq", value: true }

const texts: ReadonlyArray<readonly [string, Rule]> = [
  ['tier = "vip"', vip],
  ['tier != "vip"', { field: "tier", op: "ne", value: "vip" }],
  ["orders.total < 99.9", { field: "orders.total", op: "lt", value: 99.9 }],
  ["orders.total <= 1e-7", { field: "orders.total", op: "lte", value: 1e-7 }],
  ["orders.average > -1", { field: "orders.average", op: "gt", value: -1 }],
  ["orders.count >= 5", often],
  ["preferences.marketing.emailOptIn = true", mails],
  ['address.country in ("DE", "AT")', { field: "address.country", op: "in", value: ["DE", "AT"] }],
  ['profile.data.size in ("L", 42, false)', { field: "profile.data.size", op: "in", value: ["L", 42, false] }],
  ['address.city contains "furt"', { field: "address.city", op: "contains", value: "furt" }],
  ['profile.phone startsWith "+49"', { field: "profile.phone", op: "startsWith", value: "+49" }],
  ["profile.phone exists", { field: "profile.phone", op: "exists", value: true }],
  ["profile.phone missing", { field: "profile.phone", op: "exists", value: false }],
  ["loyalty.points between 1 and 5", { field: "loyalty.points", op: "between", value: [1, 5] }],
  [
    'createdAt between "2024-01-01" and "2024-06-30T23:59Z"',
    { field: "createdAt", op: "between", value: ["2024-01-01", "2024-06-30T23:59Z"] }
  ],
  ["lastOrder within 30 days", { field: "lastOrder", op: "withinLast", value: 30 }],
  ["lastOrder not within 1 day", { field: "lastOrder", op: "notWithinLast", value: 1 }],
  ["profile.dateOfBirth dayOfYear within 7 days", { field: "profile.dateOfBirth", op: "dayOfYear", value: 7 }],
  ["profile.dateOfBirth dayOfYear today", { field: "profile.dateOfBirth", op: "dayOfYear", value: 0 }],
  ['segment("vip-customers")', { field: 'segment("vip-customers")', op: "eq", value: true }],
  ['segment("vip-customers") = false', { field: 'segment("vip-customers")', op: "eq", value: false }],
  ['segment("vip-customers") != true', { field: 'segment("vip-customers")', op: "ne", value: true }],
  ["preferences.custom.a-b.c- exists", { field: "preferences.custom.a-b.c-", op: "exists", value: true }],
  ["everybody", everyone],
  ["nobody", noOne],
  ["all(nobody)", { all: [noOne] }],
  ["any(all(everybody))", { any: [{ all: [everyone] }] }],
  ['not tier = "vip"', { not: vip }],
  ['not not tier = "vip"', { not: { not: vip } }],
  ['not (tier = "vip" and orders.count >= 5)', { not: { all: [vip, often] } }],
  ['tier = "vip" and orders.count >= 5 and everybody', { all: [vip, often, everyone] }],
  ['(tier = "vip" and orders.count >= 5) and everybody', { all: [{ all: [vip, often] }, everyone] }],
  ['tier = "vip" and (orders.count >= 5 and everybody)', { all: [vip, { all: [often, everyone] }] }],
  ['(tier = "vip" and orders.count >= 5) or nobody', { any: [{ all: [vip, often] }, noOne] }],
  [String.raw`profile.lastName = "\"\\\u{200b}"`, { field: "profile.lastName", op: "eq", value: '"\\\u200B' }]
]

describe("the text of a rule", () => {
  it.each(texts)("%s reads as what it says, and is printed so", (text, read) => {
    assert.deepStrictEqual(parseRule(text), Result.succeed(read))
    assert.strictEqual(printRule(read), text)
  })

  it("ties conditions together as a person would", () => {
    assert.deepStrictEqual(
      ruleOf('tier = "vip" and orders.count >= 5 and lastOrder within 30 days and not address.country in ("DE", "AT")'),
      {
        all: [
          vip,
          often,
          { field: "lastOrder", op: "withinLast", value: 30 },
          { not: { field: "address.country", op: "in", value: ["DE", "AT"] } }
        ]
      }
    )
  })

  it.prop([atTurns(rule)], { numRuns: 3000 })("printed and read again is the same rule", ([, drawn]) => {
    assert.deepStrictEqual(parseRule(printRule(drawn)), Result.succeed(drawn))
  })

  it("takes every rule to the same text, however it was written", () => {
    const written = '\n((tier="vip")) Or NOT\t( tier\u00A0Not In("vip","premium") ) AND not segment ( "a" ) '
    const printed = 'tier = "vip" or (not not tier in ("vip", "premium") and not segment("a"))'
    assert.strictEqual(printRule(ruleOf(written)), printed)
    assert.deepStrictEqual(ruleOf(printed), ruleOf(written))
  })

  it.each([
    ['tier not in ("vip")', 'not tier in ("vip")'],
    ['tier not contains "v"', 'not tier contains "v"'],
    ["orders.count not between 1 and 2", "not orders.count between 1 and 2"],
    ["profile.phone not exists", "not profile.phone exists"],
    ["lastOrder within 1 days", "lastOrder within 1 day"],
    ["profile.dateOfBirth dayOfYear within 0 days", "profile.dateOfBirth dayOfYear today"],
    ['segment("a") = true', 'segment("a")'],
    ["orders.total = -0", "orders.total = 0"],
    ["orders.total = 1.50E2", "orders.total = 150"],
    ['tier = "vip" or nobody and everybody', 'tier = "vip" or (nobody and everybody)']
  ])("%s is another way to say %s", (written, printed) => {
    assert.strictEqual(printRule(ruleOf(written)), printed)
  })

  it("shows what nobody could see or tell from a space by its number", () => {
    const value = "a\u00A0b\u200Bc\u202Ed\u2028e\u{10FFFF}é李"
    assert.strictEqual(
      printRule({ field: "profile.lastName", op: "eq", value }),
      String.raw`profile.lastName = "a\u{a0}b\u{200b}c\u{202e}d\u{2028}e\u{10ffff}é李"`
    )
  })
})
