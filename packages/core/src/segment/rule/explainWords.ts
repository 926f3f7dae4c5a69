import { BigDecimal, DateTime } from "effect"
import { momentOf } from "./moments.ts"
import type { Clause, Scalar } from "./Rule.ts"
import { type Field, type FieldValue, isAmount } from "./ruleFields.ts"

const day = 86_400_000

/** A moment for people: the day, and the time where it is not midnight. */
export const momentInWords = (moment: number): string => {
  const text = DateTime.formatIso(DateTime.makeUnsafe(moment))
  const [date = text, time = ""] = text.split("T")
  if (moment % day === 0) return date
  return `${date} at ${time.slice(0, time.startsWith(":00", 5) ? 5 : 8)} UTC`
}

const fourDecimals = { scale: 4, mode: "half-from-zero" } as const

/** An amount as a number, with at most four decimals. */
export const amountOf = (amount: BigDecimal.BigDecimal): number =>
  BigDecimal.toNumberUnsafe(BigDecimal.round(amount, fourDecimals))

const amountInWords = (amount: number): string => {
  const shortest = String(amount)
  return /^-?\d+(\.\d)?$/.test(shortest) ? amount.toFixed(2) : shortest
}

// Words of a list that everybody knows, which read better without quotes.
const bare: ReadonlySet<string> = new Set([
  "status",
  "type",
  "tier",
  "profile.gender",
  "preferences.language",
  "preferences.currency",
  "preferences.timezone",
  "address.type",
  "address.country"
])

const plain = /^[A-Za-z][A-Za-z0-9_+/-]*$/
const longestText = 80

const textInWords = (field: Field, text: string): string => {
  const moment = field.type === "instant" ? momentOf(text) : undefined
  if (moment !== undefined) return momentInWords(moment)
  if (field.type === "date" || (bare.has(field.name) && plain.test(text))) return text
  return JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text)
}

/** A value of a field, or what it is compared with, for people. */
export const valueInWords = (field: Field, value: FieldValue): string => {
  if (BigDecimal.isBigDecimal(value)) return amountInWords(amountOf(value))
  if (typeof value === "string") return textInWords(field, value)
  if (typeof value === "boolean") return value ? "true" : "false"
  if (field.type === "instant") return momentInWords(value)
  return isAmount(field) ? amountInWords(value) : String(value)
}

/** What a clause asks for, for people. */
export const operandsInWords = (field: Field, { op, value }: Clause): ReadonlyArray<string> => {
  const inWords = (operand: Scalar) =>
    op === "contains" || op === "startsWith" ? JSON.stringify(operand) : valueInWords(field, operand)
  return [...new Set([value].flat().map(inWords))]
}

const mostListed = 6

/** Words as one list: `DE, AT or CH`; of a long one the beginning. */
export const listed = (words: ReadonlyArray<string>, tie: "and" | "or"): string => {
  const shown = words.length > mostListed ? words.slice(0, mostListed - 1) : words
  const left = words.length - shown.length
  const items = left === 0 ? shown : [...shown, `${left} others`]
  const [last = ""] = items.slice(-1)
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${tie} ${last}`
}

/** So many of something: `1 order`, `3 orders`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`

/** How long ago a moment is, or how far ahead, in days of 24 hours. */
export const agoInWords = (moment: number, now: number): string => {
  if (moment > now) return `${counted(Math.ceil((moment - now) / day), "day")} ahead`
  const days = Math.floor((now - moment) / day)
  return days === 0 ? "less than a day ago" : `${counted(days, "day")} ago`
}
