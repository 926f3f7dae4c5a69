import { addressesInWords } from "./explainAddresses.ts"
import { consentOf, missingOf, passedOf, statementOf } from "./explainNouns.ts"
import { agoInWords, counted, listed, operandsInWords, valueInWords } from "./explainWords.ts"
import type { Facts } from "./Facts.ts"
import { midnightOf, nextOccurrence } from "./moments.ts"
import { type Clause, isContrary, type Operator } from "./Rule.ts"
import { type Field, fieldOf, type FieldValue, segmentIn } from "./ruleFields.ts"

const day = 86_400_000

type Words = ReadonlyArray<string>

/** How a value stands to what is asked for: where it is so, and where it is not. */
type Relation = (words: Words) => readonly [string, string]

const same = ([one = ""]: Words) => ["", `not ${one}`] as const
const range = (words: Words) => [`between ${words.join(" and ")}`, `not between ${words.join(" and ")}`] as const
const within: Relation = (words) =>
  words.length === 1 ? same(words) : [`one of ${listed(words, "and")}`, `none of ${listed(words, "and")}`]

const numbers: Partial<Record<Operator, Relation>> = {
  eq: same,
  ne: same,
  lt: ([one = ""]) => [`below ${one}`, `not below ${one}`],
  lte: ([one = ""]) => [`at most ${one}`, `above ${one}`],
  gt: ([one = ""]) => [`above ${one}`, `not above ${one}`],
  gte: ([one = ""]) => [`at least ${one}`, `below ${one}`],
  in: within,
  between: range
}

const moments: Partial<Record<Operator, Relation>> = {
  eq: same,
  ne: same,
  lt: ([one = ""]) => [`before ${one}`, `not before ${one}`],
  lte: ([one = ""]) => [`not after ${one}`, `after ${one}`],
  gt: ([one = ""]) => [`after ${one}`, `not after ${one}`],
  gte: ([one = ""]) => [`not before ${one}`, `before ${one}`],
  in: within,
  between: range
}

const verbs: Partial<Record<Operator, readonly [string, string]>> = {
  contains: ["contains", "does not contain"],
  startsWith: ["begins with", "does not begin with"]
}

const comparisons: ReadonlySet<Operator> = new Set(["lt", "lte", "gt", "gte", "between"])

/** The end of a sentence on a value: `, which is at least 5`; nothing where the value says it all. */
const relationOf = ({ type }: Field, { op }: Clause, value: FieldValue, words: Words, isSo: boolean): string => {
  if (type === "attribute" && comparisons.has(op) && typeof value !== "number") return ", which is no number"
  const [yes, no] = verbs[op] ?? []
  if (yes !== undefined) return `, which ${isSo ? yes : no} ${words.join("")}`
  const relation = (type === "instant" || type === "date" ? moments : numbers)[op]?.(words) ?? ["", ""]
  const end = relation[isSo ? 0 : 1]
  return end === "" ? "" : `, which is ${end}`
}

const daysIn = (count: Clause["value"], which: "last" | "next"): string =>
  count === 1 ? `the ${which} day` : `the ${which} ${String(count)} days`

const millisOf = (value: FieldValue): number =>
  typeof value === "number" ? value : (midnightOf(`${String(value)}`) ?? Number.NaN)

const passedInWords = (field: Field, { value: days }: Clause, value: FieldValue, isSo: boolean, now: number): string =>
  `${passedOf(field.name)} ${agoInWords(millisOf(value), now)}, which is ${isSo ? "" : "not "}within ${daysIn(days, "last")}`

/** When a birthday comes round, which is told by days of the calendar. */
const birthdayInWords = (value: FieldValue, { value: days }: Clause, isSo: boolean, now: number): string => {
  const ahead = Math.ceil((nextOccurrence(String(value), now) - now) / day)
  const when = ahead <= 0 ? "today" : `in ${counted(ahead, "day")}`
  const asked = days === 0 ? "today" : `within ${daysIn(days, "next")}`
  const isSaid = days === 0 && isSo
  return `her birthday is ${when}${isSaid ? "" : `, which is ${isSo ? "" : "not "}${asked}`}`
}

const valueSentence = (field: Field, clause: Clause, value: FieldValue, isSo: boolean, now: number): string => {
  const { op } = clause
  if (op === "withinLast" || op === "notWithinLast") return passedInWords(field, clause, value, isSo, now)
  if (op === "dayOfYear") return birthdayInWords(value, clause, isSo, now)
  const statement = statementOf(field.name, valueInWords(field, value), value)
  return statement + relationOf(field, clause, value, operandsInWords(field, clause), isSo)
}

const membershipSentence = (segment: string, belongs: boolean): string =>
  `she ${belongs ? "belongs" : "does not belong"} to the segment ${segment}`

/**
 * What a clause finds of somebody, in plain English with the actual value: the same sentence for a condition and its
 * contrary, whose verdict is given beside it.
 */
export const clauseInWords = (clause: Clause, facts: Facts, verdict: boolean, now: number): string => {
  const field = fieldOf(clause.field)
  if (field === undefined) return `${clause.field} is not known`
  const isSo = verdict !== isContrary(clause)
  const values = field.read(facts)
  if (field.dependency === "address") {
    return addressesInWords(field, clause, values, facts.customer.addresses.length > 0, isSo)
  }
  const [value] = values
  if (value === undefined) return missingOf(field.name)
  const segment = segmentIn(field.name)
  if (segment !== undefined) return membershipSentence(segment, value === true)
  if (field.type === "boolean") return consentOf(field.name, value === true)
  return valueSentence(field, clause, value, isSo, now)
}
