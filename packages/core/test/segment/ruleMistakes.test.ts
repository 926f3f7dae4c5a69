import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Result } from "effect"
import { parseRule, printRule } from "../../src/segment/rule/ruleText.ts"

const told = (text: string): string =>
  Result.match(parseRule(text), {
    onSuccess: () => "no mistake",
    onFailure: ({ column, message }) => `column ${column}: ${message}`
  })

const onOneLine = "the value must be text of at most 255 characters on one line"
const aNumber = "expected a number such as 5, -0.5 or 1e3; text and days stand in double quotes"
const escape = String.raw`expected \", \\ or \u{…} with a character's number`
const quotes = 'expected text in straight double quotes, such as "vip"'

describe("a rule with a mistake in it", () => {
  it.each([
    ["", "column 1: expected a condition"],
    ["   ", "column 4: expected a condition"],
    ['tier = "vip" or', "column 16: expected a condition"],
    ["not", "column 4: expected a condition"],
    ["and", "column 1: expected a condition, not and"],
    ["5 > orders.count", "column 1: expected a condition, not a number"],
    ['"vip" = tier', "column 1: expected a condition, not text"],
    ["tier", "column 5: expected an operator, such as =, in or exists"],
    ['tier "vip"', "column 6: expected an operator, such as =, in or exists, not text"],
    ['tier is "vip"', "column 6: expected an operator, such as =, in or exists, not a word without quotes"],
    ['tier not = "x"', "column 10: expected in, within or another word after not, not ="],
    ["orders.count >=", "column 16: expected a value after >="],
    ["orders.count == 5", "column 15: expected a value after =, not ="],
    ["orders.count <> 5", "column 15: expected a value after <, not >"],
    ["orders.count >= and", "column 17: expected a value after >=, not and"],
    ["tier = vip", "column 8: expected a value after =, not a word without quotes"],
    ['tier in "vip"', "column 9: expected ( after in, not text"],
    ['tier in ("a" "b")', "column 14: expected , or ), not text"],
    ['tier in ("a",)', "column 14: expected a value after the comma, not )"],
    ['tier in ("a"', "column 13: expected , or )"],
    ["orders.count between 5", "column 23: expected and with the highest value"],
    ["orders.count between 5 and", "column 27: expected a value after and"],
    ["lastOrder within days", "column 18: expected a number of days after within, not days"],
    ["lastOrder within 30", "column 20: expected days after the number"],
    ["profile.dateOfBirth dayOfYear 7", "column 31: expected today, or within and a number of days, not a number"],
    ["segment", "column 8: expected ( after segment"],
    ["segment(vip)", "column 9: expected the name of a segment in double quotes, not a word without quotes"],
    ['segment("vip"', "column 14: expected ) after the name"],
    ["all everybody", "column 5: expected ( after all, not everybody"],
    ["any(nobody, nobody)", "column 11: expected and, or, or ), not ,"],
    ["(everybody", "column 11: expected and, or, or )"],
    ["everybody)", "column 10: expected and, or, or the end of the rule, not )"],
    ["everybody nobody", "column 11: expected and, or, or the end of the rule, not nobody"]
  ])("%s: what was expected is said, and where", (text, message) => {
    assert.strictEqual(told(text), message)
  })

  it.each([
    ["tier = 'vip'", `column 8: ${quotes}`],
    ["tier = “vip”", `column 8: ${quotes}`],
    ['tier = "vip', "column 8: the text that begins here has no closing quote"],
    [String.raw`tier = "vip\"`, "column 8: the text that begins here has no closing quote"],
    [String.raw`tier = "\\a\nb"`, `column 12: ${escape}`],
    [String.raw`tier = "\u0041"`, `column 9: ${escape}`],
    [String.raw`tier = "\u{d800}"`, `column 9: ${escape}`],
    [String.raw`tier = "\u{110000}"`, `column 9: ${escape}`],
    ["orders.count = 05", `column 16: ${aNumber}`],
    ["orders.count = .5", "column 16: there is no such sign in rules"],
    ["orders.count = 5.", `column 16: ${aNumber}`],
    ["createdAt > 2024-01-01", `column 13: ${aNumber}`],
    ['tier = "vip" && everybody', "column 14: rules are tied together by words: write and, or, not"],
    ['tier = "vip" || everybody', "column 14: rules are tied together by words: write and, or, not"],
    ["!everybody", "column 1: rules are tied together by words: write and, or, not"],
    ["tier = $1", "column 8: there is no such sign in rules"],
    ["\0", "column 1: there is no such sign in rules"]
  ])("%s: what cannot be read is said, and where it begins", (text, message) => {
    assert.strictEqual(told(text), message)
  })

  it.each([
    ['teir = "vip" and (', "column 1: there is no such field; did you mean tier?"],
    ['country = "DE"', "column 1: there is no such field; did you mean address.country?"],
    ["emailOptIn = true", "column 1: there is no such field; did you mean preferences.marketing.emailOptIn?"],
    ["order.counts = 5", "column 1: there is no such field; did you mean orders.count?"],
    ['everybody and TIER = "vip"', "column 15: there is no such field; did you mean tier?"],
    ["profile.data.__proto__ exists", "column 1: there is no such field"],
    [String.raw`segment("a\") or (segment(\"b") = 5`, "column 1: there is no such field"],
    ['tier < "vip"', "column 6: the operator must be one of =, !=, in, exists, contains, startsWith"],
    [
      'everybody and lastOrder in ("a")',
      "column 25: the operator must be one of =, !=, exists, within, not within, <, <=, >, >=, between"
    ],
    ['segment("a") exists', "column 14: the operator must be one of =, !="],
    ["tier = 5", `column 8: ${onOneLine}`],
    ['tier = "two\nlines"', `column 8: ${onOneLine}`],
    [`tier = "${"x".repeat(256)}"`, `column 8: ${onOneLine}`],
    ["tier = true", `column 8: ${onOneLine}`],
    ['tier in ("a", 5)', `column 15: ${onOneLine}`],
    ["tier in ()", "column 9: the value must be a list of 1 to 100 values"],
    ['orders.count between 1 and "5"', "column 28: the value must be a number between -1e15 and 1e15"],
    ["orders.count between 4 and 2", "column 22: the value must be a list of two values, the lowest first"],
    [
      'createdAt between "2024-10-30T10:00:00Z" and "2024-10-30"',
      "column 19: the value must be a list of two values, the lowest first"
    ],
    ["orders.count = 1e400", "column 16: the value must be a number between -1e15 and 1e15"],
    [
      'createdAt > "2024-02-30"',
      "column 13: the value must be a moment such as 2024-10-30T10:00:00Z, or a day such as 2024-10-30"
    ],
    ['profile.dateOfBirth = "2024-02-29T00:00:00Z"', "column 23: the value must be a day such as 2024-10-30"],
    ["lastOrder within 1.5 days", "column 18: the value must be a whole number of days from 1 to 36500"],
    [
      "profile.dateOfBirth dayOfYear within 367 days",
      "column 38: the value must be a whole number of days from 0 to 366"
    ]
  ])("%s: what a rule may not ask for is said, and where", (text, message) => {
    assert.strictEqual(told(text), message)
  })

  it("has its column told in characters as they are shown", () => {
    assert.strictEqual(
      told('profile.lastName = "👩‍👩‍👧‍👦é𐍈" and tier'),
      "column 34: expected an operator, such as =, in or exists"
    )
  })

  it("does not have anything repeated that may be about a person", () => {
    const given = ["Jane.Doe", '"Jane.Doe"', "tier = Jane.Doe", 'tier Jane.Doe "x"', 'lastOrder within "Jane.Doe"']
    for (const text of given) assert.notInclude(told(text), "Jane")
  })
})

const pieces = [
  ..."( ) , = != < <= > >= and or not everybody nobody all( any( segment( in contains exists missing between".split(
    " "
  ),
  ..."within 30 days day dayOfYear today true 1e3 -0.5 tier orders.count lastOrder profile.dateOfBirth".split(" "),
  '"vip"',
  '"2024-02-29"',
  '"\\u{200d}"',
  '"',
  "\\",
  "'",
  "$1",
  "👩‍👩‍👧‍👦",
  "\u00A0",
  "\ud800"
]
const soup = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), {
  maxLength: 30
})

describe("any text at all", () => {
  it.prop([soup], { numRuns: 3000 })("is a rule that can be printed, or has a mistake within it", (words) => {
    const text = words.join(" ")
    Result.match(parseRule(text), {
      onSuccess: (read) => assert.deepStrictEqual(parseRule(printRule(read)), Result.succeed(read)),
      onFailure: ({ column }) => {
        assert.isAtLeast(column, 1)
        assert.isAtMost(column, text.length + 1)
      }
    })
  })
})

const nested = (depth: number): string => "not ".repeat(depth - 1) + "everybody"
const wide = (parts: number): string => Array.from({ length: parts - 1 }, () => "nobody").join(" or ")

describe("a rule that is too much", () => {
  it("may be ten deep, and no deeper", () => {
    assert.strictEqual(told(nested(10)), "no mistake")
    assert.strictEqual(told(nested(11)), "column 41: the rule is too deep: rules may be nested 10 deep")
  })

  it("may have two hundred parts, and no more", () => {
    assert.strictEqual(told(wide(200)), "no mistake")
    assert.strictEqual(
      told(wide(201)),
      "column 1991: the rule is too much: a rule has at most 200 conditions and groups"
    )
  })

  it("may be eight thousand characters long, and no longer", () => {
    const exactly = "everybody".padEnd(8000)
    assert.strictEqual(told(exactly), "no mistake")
    assert.strictEqual(
      told(`${exactly} `),
      "column 8001: the rule is too long: a rule has at most 8000 characters as text"
    )
  })

  it("may have parentheses that group nothing", () => {
    assert.strictEqual(told(`${"(".repeat(40)}everybody${")".repeat(40)}`), "no mistake")
  })

  it.each([
    "(".repeat(8000),
    "not ".repeat(2000),
    "all(".repeat(2000),
    "not(".repeat(2000),
    `${"(".repeat(3999)}x${")".repeat(3999)}`,
    "nobody or ".repeat(799),
    'segment("a")and '.repeat(499),
    `tier in (${'"",'.repeat(2600)}`,
    '"'.repeat(8000),
    `"${"\\".repeat(7999)}`,
    `tier = "${String.raw`\u{41}`.repeat(1300)}"`,
    "a".repeat(8000),
    "a.-".repeat(2600),
    "-1".repeat(4000),
    " ".repeat(8000),
    "\u0301".repeat(8000),
    "👩‍👩‍👧‍👦".repeat(700),
    "\ud800".repeat(8000),
    "x".repeat(10_000_000)
  ])("is refused at once, whatever hostile text it is: %#", { timeout: 2000 }, (text) => {
    assert.match(told(text), /^column \d+: /)
  })
})
