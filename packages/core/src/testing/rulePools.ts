import { DateTime } from "effect"

/**
 * What rules ask for and what customers have: both are drawn from here, so that conditions are often met. The texts are
 * meant to be taken for something else by whoever quotes them wrongly.
 */
export const lines: ReadonlyArray<string> = [
  "",
  " ",
  "Zoë",
  "Zoe\u0308",
  "zoë",
  "İstanbul",
  "ß",
  "SS",
  "李小龍",
  "محمد",
  "👩‍👩‍👧‍👦",
  "𐍈\u{10FFFF}",
  "\u200B\uFEFF",
  "\u00A0",
  "100%",
  "100_",
  "1000",
  "%",
  "_",
  "\\",
  "\\%",
  "\\u{41}",
  "'",
  '"',
  '\\"',
  "$1",
  "$$x$$",
  ";--",
  "'; DROP TABLE customers;--",
  '" or everybody or "',
  "/* */",
  "{1,2}",
  '{"a": 1}',
  "true",
  "null",
  "5",
  "2024-02-29"
]

/** Of these every field of text may have one. */
export const filledLines = lines.filter((line) => line.trim() !== "")

/** What an attribute of text may hold beyond what rules can ask for. */
export const paragraphs = ["two\nlines\tand a tab", "x".repeat(2000)]

export const emails = [
  "Jane.Doe@example.com",
  "jane.doe+tag@example.com",
  "o'hara@mail.example.co.uk",
  "100%_{x}@example.com",
  `${"L".repeat(64)}@xn--mnchen-3ya.de`
]

export const phoneNumbers = ["+1-555-0123", "5550123", "(030) 123/45.67-89"]

export const avatars = ["https://cdn.example.com/a.png", "http://[::1]:8080/ä?b=c'%_#d"]

export const languages = ["en", "pt-BR", "de-CH-1996"]
export const currencies = ["USD", "EUR"]
export const timezones = ["UTC", "Europe/Berlin", "Etc/GMT+12"]

/** Countries, each with a postal code of its form where it has one. */
export const areas: ReadonlyArray<{ readonly country: string; readonly zipCode?: string }> = [
  { country: "US", zipCode: "94107" },
  { country: "DE", zipCode: "10115" },
  { country: "AT", zipCode: "1010" },
  { country: "GB", zipCode: "SW1A 1AA" },
  { country: "SE", zipCode: "" },
  { country: "HK" }
]

/** Names of segments; nobody belongs to the last. */
export const segmentNames = ["vip-customers", "new-customers", "a", "1-2-3", "nobody-belongs"]

/** Keys of a shop's own attributes. */
export const attributeKeys = ["size", "a.b", "a.b.", "x-y_z", "x--", "and", "toString", "K".repeat(64)]

/** Keys that rules may ask for, and that no attribute has. */
export const strangeKeys = ["constructor", "prototype", "avatar", "neverSet"]

export const counts = [0, 1, 4, 5, 6, 100, 2_147_483_646, 2_147_483_647]

/** Exact amounts, to four decimals. */
export const amounts = ["0", "0.0001", "0.1", "0.3", "4.5", "199.9999", "200", "999.99", "1000", "999999999999999.9999"]

/** Numbers that rules compare with. */
export const numbers: ReadonlyArray<number> = [
  ...counts,
  ...amounts.map(Number),
  -1,
  -0.5,
  1e-7,
  5e-324,
  0.30000000000000004,
  199.99990000000003,
  4.499999999999999,
  2_147_483_648,
  123_456_789_012.3456,
  1e15,
  -1e15
]

/** Spans of time that rules ask for, in days. */
export const spans = [1, 7, 30, 365, 36_500]

const fixedMoments = ["1999-12-31T23:59:59.999Z", "2000-01-01T00:00:00.000Z", "2024-02-29T10:00:00.100Z"]

/** Moments from which on one of the spans is over just now, a millisecond before, or a millisecond later; and others. */
export const momentsAround = (now: DateTime.Utc): ReadonlyArray<DateTime.Utc> => [
  ...[0, ...spans].flatMap((days) =>
    [-1, 0, 1].map((milliseconds) => DateTime.add(now, { days: -days, milliseconds }))
  ),
  ...fixedMoments.map((text) => DateTime.makeUnsafe(text))
]

const otherDays = ["1900-01-01", "1904-02-29", "1996-02-29", "1996-02-28", "1999-03-01", "1999-12-31", "2000-01-01"]

/** Days that come round about `now` (1996 had every day that a year can have), and from which a span is over then. */
export const daysAround = (now: DateTime.Utc): ReadonlyArray<string> => {
  const day = (days: number): string => DateTime.formatIsoDateUtc(DateTime.add(now, { days }))
  const anniversaries = [-1, 0, 1, 7, 8].map((days) => `1996${day(days).slice(4)}`)
  return [...anniversaries, ...spans.flatMap((days) => [day(1 - days), day(-days)]), day(0), day(1), ...otherDays]
}

/** Moments at which the days, months and years of a calendar end and begin, leap days among them. */
export const turns = [
  "2024-02-28T23:59:59.999Z",
  "2024-02-29T00:00:00.000Z",
  "2024-03-01T00:00:00.000Z",
  "2025-02-28T00:00:00.000Z",
  "2025-02-28T23:59:59.999Z",
  "2025-03-01T00:00:00.000Z",
  "2025-12-31T23:59:59.999Z",
  "2026-01-01T00:00:00.000Z",
  "2026-11-25T10:11:12.345Z",
  "2028-02-22T12:00:00.000Z"
]
