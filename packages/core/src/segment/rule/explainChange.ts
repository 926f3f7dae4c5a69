import type { Address } from "../../customer/AddressBook.ts"
import { consentOf, missingOf, nounOf } from "./explainNouns.ts"
import { counted, listed, momentInWords, valueInWords } from "./explainWords.ts"
import type { Facts } from "./Facts.ts"
import { afterDays, midnightOf, nextOccurrence } from "./moments.ts"
import { timedClausesOf } from "./nextFlip.ts"
import type { AddedAddress, FieldChange, RuleChange } from "./RuleChange.ts"
import { type Clause, clausesOf, type Rule } from "./Rule.ts"
import { fieldOf, type FieldValue, segmentIn } from "./ruleFields.ts"

type Named = Omit<RuleChange, "english">

/** Whether a value stands in the rule; one that does not is one of many that would do. */
const isNamed = (rule: Rule, { field, to }: FieldChange): boolean =>
  clausesOf(rule).some((clause) => clause.field === field && [clause.value].flat().some((value) => value === to))

const isText = (field: string): boolean => {
  const type = fieldOf(field)?.type
  return type === "text" || type === "attribute" || type === "date"
}

const flagInWords = (field: string, to: boolean): string => {
  const segment = segmentIn(field)
  return segment === undefined ? consentOf(field, to) : `she ${to ? "joins" : "leaves"} the segment ${segment}`
}

const setInWords = (rule: Rule, change: FieldChange): string => {
  const { field: name, to } = change
  const field = fieldOf(name)
  if (field === undefined) return `${name} becomes ${String(to)}`
  if (to === null) return name === "lastOrder" ? "she has no order" : `${missingOf(name)} any more`
  if (typeof to === "boolean" && field.type !== "attribute") return flagInWords(name, to)
  if (name === "lastOrder") return `her last order is that of ${valueInWords(field, to)}`
  const example = isText(name) && !isNamed(rule, change) ? "for example " : ""
  return `${nounOf(name)} becomes ${example}${valueInWords(field, to)}`
}

const addedInWords = (added: AddedAddress): string => {
  const parts = Object.entries(added).map(([key, value]) => {
    const field = fieldOf(`address.${key}`)
    return `${key} ${field === undefined ? String(value) : valueInWords(field, value)}`
  })
  return parts.length === 0 ? "an address is added" : `an address with ${listed(parts, "and")} is added`
}

const removedInWords = (removed: ReadonlyArray<string>, book: ReadonlyArray<Address>): string => {
  if (removed.length === book.length && book.length > 1) return "all her addresses go"
  const gone = book.filter(({ id }) => removed.includes(id)).map(({ city, country }) => `${city}, ${country}`)
  return `the address${gone.length === 1 ? "" : "es"} in ${listed(gone, "and")} go${gone.length === 1 ? "es" : ""}`
}

const beginnings: Readonly<Record<string, string>> = {
  createdAt: "her registration",
  lastOrder: "her last order",
  "profile.dateOfBirth": "her birth",
  "address.createdAt": "an address was added",
  "address.updatedAt": "an address was last changed"
}

const millisOf = (value: FieldValue): number =>
  typeof value === "number" ? value : (midnightOf(String(value)) ?? Number.NaN)

const turnOf = ({ field, op, value: days }: Clause, value: FieldValue, at: number): ReadonlyArray<string> => {
  if (typeof days !== "number") return []
  if (op !== "dayOfYear") {
    const isOver = afterDays(millisOf(value), days) === at
    return isOver
      ? [`${counted(days, "day")} since ${beginnings[field] ?? nounOf(field)} ${days === 1 ? "is" : "are"} over`]
      : []
  }
  const opens = nextOccurrence(String(value), at) === afterDays(at, days)
  const closes = nextOccurrence(String(value), at - 1) === afterDays(at, -1)
  if (opens) return [days === 0 ? "it is her birthday" : `her birthday is ${counted(days, "day")} ahead`]
  return closes ? ["her birthday is over"] : []
}

/** What time brings at a moment: which of a rule's clauses it turns, and why. */
const turnsAt = (rule: Rule, facts: Facts, at: number): ReadonlyArray<string> => {
  const turns = timedClausesOf(rule).flatMap((clause) =>
    (fieldOf(clause.field)?.read(facts) ?? []).flatMap((value) => turnOf(clause, value, at))
  )
  return [...new Set(turns)]
}

const momentWords = (rule: Rule, facts: Facts, at: number): string => {
  const turns = turnsAt(rule, facts, at)
  return `on ${momentInWords(at)}${turns.length === 0 ? "" : `, when ${listed(turns, "and")}`}`
}

/** What changes, in plain English: `her tier becomes vip and she has 5 orders`, `on 2026-12-24, when …`. */
export const changeInWords = (rule: Rule, facts: Facts, change: Named): string => {
  const { addAddresses = [], at, removeAddresses = [], set } = change
  const changes = [
    ...(removeAddresses.length === 0 ? [] : [removedInWords(removeAddresses, facts.customer.addresses)]),
    ...addAddresses.map(addedInWords),
    ...set.map((one) => setInWords(rule, one))
  ]
  if (at === undefined) return listed(changes, "and")
  const moment = momentWords(rule, facts, at.epochMilliseconds)
  return changes.length === 0 ? moment : `${listed(changes, "and")}, and it is ${moment.replace(/^on /, "")}`
}
