import { Schema } from "effect"
import { CustomerStatus, CustomerType } from "../../../customer/Customer.ts"
import { Tier } from "../../../customer/Standing.ts"
import { CountryCode } from "../../../value/Country.ts"
import { folded } from "../ruleFields.ts"
import { type Ask, operandsOf } from "./Goal.ts"
import { distinct } from "./orderedFirst.ts"

type Texts = ReadonlyArray<string>

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
const countries = letters.flatMap((one) => letters.map((other) => one + other)).filter(Schema.is(CountryCode))

const languages = (
  "en de fr es it nl pt sv da nb fi pl cs hu ro el tr ru uk ar he hi zh ja ko vi th en-US en-GB de-AT de-CH fr-CA fr-CH " +
  "es-MX pt-BR zh-Hans-CN zh-Hant-TW sr-Latn-RS"
).split(" ")

// Zones that Intl takes and does not list.
const offsets = [
  "GMT",
  "Etc/UTC",
  "Etc/GMT",
  ...Array.from({ length: 12 }, (_, index) => index + 1).flatMap((hours) => [`Etc/GMT+${hours}`, `Etc/GMT-${hours}`])
]

/** The fields that take nothing but what stands in a list, each with its list. */
const choices: Readonly<Record<string, Texts>> = {
  status: CustomerStatus.literals,
  type: CustomerType.literals,
  tier: Tier.literals,
  "profile.gender": ["male", "female", "other", "prefer_not_to_say"],
  "address.type": ["shipping", "billing", "both"],
  "address.country": ["US", "DE", "FR", ...countries],
  "preferences.currency": ["USD", "EUR", "GBP", ...Intl.supportedValuesOf("currency")],
  "preferences.timezone": [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    ...Intl.supportedValuesOf("timeZone"),
    ...offsets
  ]
}

/** What stands before and behind what is asked for, so that a field takes it; and whole values of the field. */
interface Shape {
  readonly before: Texts
  readonly behind: Texts
  readonly whole: Texts
}

const digits = "5550123"
const someDigits = [...digits].map((_, index) => digits.slice(0, index + 1))

const plain: Shape = { before: [""], behind: ["", "a"], whole: ["Robin", "Alex", "Sam", "Kim"] }
const phone: Shape = {
  before: ["", "+", "0"],
  behind: ["", ...someDigits],
  whole: ["+1-555-0123", "+1-555-0124", "+1-555-0125"]
}

const shapes: Readonly<Record<string, Shape>> = {
  email: {
    before: ["", "a", "a@", "a@a.", "a@a"],
    behind: ["", "a", ".com", "a.com", "@example.com", "a@example.com", "@a.com", ".a@example.com"],
    whole: ["robin@example.com", "alex@example.net", "sam@example.org", "jo@inbox.dev", "x9@q.uk", "a@b.cd"]
  },
  "profile.phone": phone,
  "address.phone": phone,
  "profile.avatar": {
    before: ["", "https://example.com/", "https://", "https:"],
    behind: ["", "a", "example.com", "/example.com", "//example.com"],
    whole: ["https://example.com/a.png", "http://example.com/b.png"]
  },
  "preferences.language": {
    before: ["", "en-", "de-", "en", "zh-"],
    behind: ["", "n", "e", "DE", "CH", "nt", "tn", "-CH", "en", "1996"],
    whole: languages
  },
  "address.zipCode": { before: [""], behind: ["", "1"], whole: ["1000", "10115", "10001", "SW1A 1AA", "K1A 0B1"] },
  "address.street": { ...plain, whole: ["1 Main Street", "2 Market Square", "3 Station Road"] },
  "address.city": { ...plain, whole: ["Springfield", "Riverside", "Greenville"] },
  "address.state": { ...plain, whole: ["NY", "CA", "Bavaria"] },
  "address.company": { ...plain, whole: ["Example Ltd", "Sample Inc"] }
}

/** Text as the field compares it. */
const compared = (field: string, text: string): string => (field === "email" ? folded(text) : text)

const wantedOf = (asks: ReadonlyArray<Ask>, op: "contains" | "startsWith"): Texts =>
  asks.flatMap(({ clause, wanted }) =>
    wanted && clause.op === op ? [compared(clause.field, String(clause.value))] : []
  )

/** The longest of some texts that all are to be the beginning. */
const longest = (texts: Texts): string => texts.reduce((one, other) => (other.length > one.length ? other : one), "")

/** A text that begins and contains as it is asked for, written as closely together as may be. */
const joined = (start: string, parts: Texts): string =>
  parts.reduce((text, part) => (text.includes(part) ? text : text + part), start)

const shaped = (asks: ReadonlyArray<Ask>, { before, behind }: Shape): Texts => {
  const starts = wantedOf(asks, "startsWith")
  const parts = [...wantedOf(asks, "contains")].sort((one, other) => other.length - one.length)
  if (starts.length === 0 && parts.length === 0) return []
  const start = longest(starts)
  const lefts = start === "" ? before : [""]
  const together = distinct([joined(start, parts), joined(start, parts.toReversed())])
  // What must not be the end of a beginning may stand further behind.
  const apart = start === "" ? [] : before.map((left) => joined(start + left, parts))
  return [...together, ...apart].flatMap((core) => lefts.flatMap((left) => behind.map((right) => left + core + right)))
}

/** Whether a text may do for what is asked; what is not about text is not looked at. */
const suits = ({ clause: { field, op, value }, wanted }: Ask, text: string): boolean => {
  const operands = [value].flat().map((operand) => (typeof operand === "string" ? compared(field, operand) : operand))
  const [operand = ""] = operands
  if (op === "eq" || op === "ne" || op === "in") return operands.includes(text) === (wanted === (op !== "ne"))
  if (op === "contains") return text.includes(String(operand)) === wanted
  if (op === "startsWith") return text.startsWith(String(operand)) === wanted
  return op !== "exists" || wanted === value
}

/** Texts that a field may have to have for what is asked of it, the plainest first; the field may not take them all. */
export const textsFor = (field: string, asks: ReadonlyArray<Ask>): Texts => {
  const operands = operandsOf(asks).flatMap((operand) =>
    typeof operand === "string" ? [compared(field, operand)] : []
  )
  const shape = shapes[field] ?? plain
  const texts = distinct([...operands, ...(choices[field] ?? [...shaped(asks, shape), ...shape.whole])])
  return texts.filter((text) => asks.every((ask) => suits(ask, text)))
}
