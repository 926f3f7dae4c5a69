import { listed, operandsInWords, valueInWords } from "./explainWords.ts"
import type { Clause } from "./Rule.ts"
import type { Field, FieldValue } from "./ruleFields.ts"

const nouns: Readonly<Record<string, string>> = {
  type: "type",
  firstName: "first name",
  lastName: "last name",
  company: "company",
  street: "street",
  street2: "second line",
  city: "city",
  state: "state",
  zipCode: "postal code",
  country: "country",
  phone: "telephone number"
}

const keyOf = ({ name }: Field): string => name.slice("address.".length)

const places: ReadonlySet<string> = new Set(["city", "country", "state"])

const textPredicate = (key: string, { op }: Clause, words: ReadonlyArray<string>): string => {
  const noun = nouns[key] ?? key
  if (op === "exists") return `has a ${noun}`
  if (op === "contains") return `has a ${noun} that contains ${words.join("")}`
  if (op === "startsWith") return `has a ${noun} that begins with ${words.join("")}`
  if (key === "type") return `is of type ${listed(words, "or")}`
  return places.has(key) ? `is in ${listed(words, "or")}` : `has the ${noun} ${listed(words, "or")}`
}

const flagPredicate = (key: string, { value }: Clause): string => {
  const what = key === "isDefault" ? "a default" : "verified"
  return value === true ? `is ${what}` : `is not ${what}`
}

const momentPredicate = (key: string, { op, value }: Clause, [one = "", other = ""]: ReadonlyArray<string>): string => {
  const verb = key === "createdAt" ? "was added" : "was last changed"
  switch (op) {
    case "lt":
      return `${verb} before ${one}`
    case "lte":
      return `${verb} on ${one} or before`
    case "gt":
      return `${verb} after ${one}`
    case "gte":
      return `${verb} on ${one} or later`
    case "between":
      return `${verb} between ${one} and ${other}`
    case "withinLast":
    case "notWithinLast":
      return `${verb} within the last ${value === 1 ? "day" : `${String(value)} days`}`
    default:
      return `${verb} on ${one}`
  }
}

const predicateOf = (field: Field, clause: Clause): string => {
  const words = operandsInWords(field, clause)
  if (field.type === "boolean") return flagPredicate(keyOf(field), clause)
  return field.type === "instant"
    ? momentPredicate(keyOf(field), clause, words)
    : textPredicate(keyOf(field), clause, words)
}

/** The values that addresses have, where they say more than the sentence itself does. */
const shownValues = (field: Field, { op }: Clause, values: ReadonlyArray<FieldValue>, isSo: boolean): string => {
  const isSaid = isSo && (op === "eq" || op === "ne" || op === "exists")
  if (isSaid || field.type === "boolean" || values.length === 0) return ""
  return ` (${listed([...new Set(values.map((value) => valueInWords(field, value)))], "and")})`
}

/** What a clause on addresses finds: whether it is so of one of them, without regard to what the clause makes of it. */
export const addressesInWords = (
  field: Field,
  clause: Clause,
  values: ReadonlyArray<FieldValue>,
  hasAddresses: boolean,
  isSo: boolean
): string => {
  if (!hasAddresses) return "she has no address"
  if (clause.op === "exists" && field.type !== "text") return "she has an address"
  if (field.type === "boolean" && !isSo && clause.value === false) {
    return keyOf(field) === "isDefault" ? "all her addresses are defaults" : "all her addresses are verified"
  }
  const which = isSo ? "one of her addresses" : "none of her addresses"
  return `${which} ${predicateOf(field, clause)}${shownValues(field, clause, values, isSo)}`
}
