import { assert, describe, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import { Attributes } from "../src/value/Attributes.ts"
import { CountryCode, isPostalCodeOf } from "../src/value/Country.ts"
import { Currency, Language, Timezone } from "../src/value/Locale.ts"
import { PhoneNumber } from "../src/value/PhoneNumber.ts"
import { BirthDate } from "../src/value/PlainDate.ts"
import { RequiredText, Text } from "../src/value/Text.ts"

const judge = (schema: Schema.Decoder<unknown>, taken: ReadonlyArray<unknown>, refused: ReadonlyArray<unknown>) => {
  // As bodies are read: what is not expected is refused, not left out.
  const read = Schema.decodeUnknownOption(schema, { onExcessProperty: "error" })
  it.each(taken)("%j is taken as it stands", (value) => {
    assert.deepStrictEqual(read(value), Option.some(value))
  })
  it.each(refused)("%j is refused", (value) => {
    assert.isTrue(Option.isNone(read(value)))
  })
}

describe("a line of text", () => {
  judge(
    Text(10),
    ["", " ", "Zoë", "李小龍", "👩‍👩‍👧", "0123456789"],
    ["01234567890", "a\nb", "a\tb", "a\rb", "\u0000", "\u001b[31m", "\u0085", "\u007f", "\ud800", "a\udc00b", 1, null]
  )
})

describe("a line that must say something", () => {
  judge(RequiredText(10), ["x", " x "], ["", " ", "\u00a0\u2003", "01234567890"])
})

describe("a telephone number", () => {
  judge(
    PhoneNumber,
    ["+1-555-0123", "+49 (30) 1234.567/8", "5550123", "+123456789012345"],
    [
      "",
      "555012",
      "+1234567890123456",
      "++15550123",
      "1+5550123",
      "555-CALL",
      "5550123 x4",
      "5550123;ext=4",
      "٥٥٥٠١٢٣٤",
      "\u0000",
      `5550123${" ".repeat(34)}`,
      5550123
    ]
  )
})

describe("a day of birth", () => {
  judge(
    BirthDate,
    ["1900-01-01", "2000-02-29", "1996-02-29", "2026-12-31"],
    [
      "1899-12-31",
      "0001-01-01",
      "1900-02-29",
      "2001-02-29",
      "2000-13-01",
      "2000-00-10",
      "2000-04-31",
      "2000-1-1",
      "01.02.2000",
      "2000-01-01T00:00:00Z",
      "+002000-01-01",
      "２０００-01-01",
      "",
      "yesterday",
      20000101
    ]
  )
})

describe("a country", () => {
  judge(CountryCode, ["US", "DE", "AX", "TW"], ["us", "USA", "UK", "XK", "EU", "ZZ", "", "constructor", 1])
})

describe("a currency", () => {
  judge(Currency, ["USD", "EUR", "JPY"], ["usd", "US", "ABC", "€", "", "__proto__"])
})

describe("a time zone", () => {
  judge(
    Timezone,
    ["UTC", "Europe/Berlin", "Asia/Calcutta", "Etc/GMT+5"],
    ["Europe/Atlantis", "+01:00", "GMT+5", "Europe/Berlin ", "", "constructor", "E".repeat(65)]
  )
})

describe("a language", () => {
  judge(
    Language,
    ["en", "pt-BR", "zh-Hant-TW"],
    ["english language", "en_US", "e", "", "en-", "*", `en${"-abcdefgh".repeat(4)}`, "en\u0000"]
  )
})

describe("attributes", () => {
  judge(
    Attributes,
    [{}, { size: "XL", rank: 1.5, member: true }, { "a.b": "lines\nand\ttabs", toString: "a name like another" }],
    [
      JSON.parse('{"__proto__": "polluted"}'),
      JSON.parse('{"constructor": "polluted"}'),
      JSON.parse('{"prototype": "polluted"}'),
      { "@type": "java.util.Date" },
      { $where: "1" },
      { "": "x" },
      { "1st": "x" },
      { ["k".repeat(65)]: "x" },
      { nested: { deep: true } },
      { list: [] },
      { nothing: null },
      { infinite: Number.POSITIVE_INFINITY },
      { text: "\u0000" },
      { text: "\ud800" },
      { text: "x".repeat(2001) },
      Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, index])),
      [],
      "text"
    ]
  )
})

describe("attributes that are read leniently", () => {
  it.each(['{"__proto__": {"admin": true}}', '{"constructor": "x"}', '{"@type": "x"}'])("leave %s out", (text) => {
    const read = Schema.decodeUnknownSync(Attributes)(JSON.parse(text))
    assert.deepStrictEqual(read, {})
    assert.notProperty(read, "admin")
  })
})

describe("a postal code", () => {
  it.each([
    ["US", "62701"],
    ["US", "62701-1234"],
    ["GB", "SW1A 1AA"],
    ["CA", "k1a 0b1"],
    ["NL", "1012 AB"],
    ["HK", "anything"]
  ])("of %s may be %s", (country, code) => {
    assert.isTrue(isPostalCodeOf(country, code))
  })

  it.each([
    ["US", "6270"],
    ["US", "62701-"],
    ["US", "SW1A 1AA"],
    ["DE", "1234"],
    ["CA", "D1A 0B1"],
    ["NL", "0012 AB"],
    ["DE", "12345\n"],
    ["DE", "１２３４５"]
  ])("of %s may not be %j", (country, code) => {
    assert.isFalse(isPostalCodeOf(country, code))
  })
})
