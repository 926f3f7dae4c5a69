import { folded, momentOf, type Operator } from "@customer-service/core"
import type { ColumnType } from "./ruleSqlColumns.ts"

/** The types of PostgreSQL that operands are read as. */
export const sqlTypes: Readonly<Record<ColumnType, string>> = {
  text: "text",
  email: "text",
  integer: "bigint",
  amount: "numeric",
  boolean: "boolean",
  instant: "timestamptz",
  date: "date"
}

/** A moment in milliseconds since the epoch, as every server reads it whatever its settings. */
export const instantText = (millis: number): string => new Date(millis).toISOString()

/** The day, by the calendar of UTC, in which a moment lies. */
export const dayText = (millis: number): string => instantText(millis).slice(0, 10)

// An index on whole numbers serves for whole numbers alone.
const wholeNumber = (value: number, op: Operator): number | undefined => {
  if (op === "lt" || op === "gte") return Math.ceil(value)
  if (op === "lte" || op === "gt") return Math.floor(value)
  return Number.isInteger(value) ? value : undefined
}

/** An operand as text that PostgreSQL reads as the column's type; null where no value compares with it. */
export const operandText = (type: ColumnType, op: Operator, value: unknown): string | null => {
  if (typeof value === "boolean") return type === "boolean" ? String(value) : null
  if (typeof value === "number") {
    const number = type === "integer" ? wholeNumber(value, op) : type === "amount" ? value : undefined
    return number === undefined ? null : String(number)
  }
  if (typeof value !== "string") return null
  if (type === "email") return folded(value)
  if (type !== "instant") return type === "text" || type === "date" ? value : null
  const moment = momentOf(value)
  return moment === undefined ? null : instantText(moment)
}
