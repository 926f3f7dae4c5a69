import { afterDays, type Clause, type Operator } from "@customer-service/core"
import { birthdayWindows } from "./birthdayWindows.ts"
import type { Column } from "./ruleSqlColumns.ts"
import { dayText, instantText, operandText, sqlTypes } from "./ruleSqlOperands.ts"
import type { Bind } from "./ruleSqlParameters.ts"

/** What conditions are written with: the parameters they add to, and now, in milliseconds since the epoch. */
export interface Writing {
  readonly bind: Bind
  readonly now: number
}

const comparisons = { eq: "=", ne: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const
type Comparison = keyof typeof comparisons

const isComparison = (op: Operator): op is Comparison => Object.hasOwn(comparisons, op)

/** No day later than this one begins a span of days: see `midnightOf`. */
export const lastDay = "9998-12-31"

export const daysOf = ({ value }: Clause): number => (typeof value === "number" ? value : 0)

const compared = ({ sql, type }: Column, op: Comparison, value: unknown, bind: Bind): string =>
  `${sql} ${comparisons[op]} ${bind(operandText(type, op, value), sqlTypes[type])}`

const among = ({ sql, type }: Column, { op, value }: Clause, bind: Bind): string => {
  const operands = [value].flat().flatMap((item) => operandText(type, op, item) ?? [])
  // Of types other than text no value has anything that a list of them in PostgreSQL's notation would have to quote.
  const list = sqlTypes[type] === "text" ? operands : `{${operands.join(",")}}`
  return `${sql} = ANY(${bind(list, `${sqlTypes[type]}[]`)})`
}

const between = (column: Column, { value }: Clause, bind: Bind): string => {
  const [lowest, highest] = [value].flat()
  return `(${compared(column, "gte", lowest, bind)} AND ${compared(column, "lte", highest, bind)})`
}

/** That a span of so many days from the column's moment on is not over; `sql` is compared as it is, so that indexes serve. */
const within = ({ sql, type }: Column, clause: Clause, { bind, now }: Writing): string => {
  const since = afterDays(now, -daysOf(clause))
  return type === "instant"
    ? `${sql} > ${bind(instantText(since), "timestamptz")}`
    : `(${sql} > ${bind(dayText(since), "date")} AND ${sql} <= ${bind(lastDay, "date")})`
}

/** That the day comes round within so many days. Days of the year are told as 100 times the month and the day. */
const comesRound = ({ sql }: Column, clause: Clause, { bind, now }: Writing): string => {
  const day = `extract(month FROM ${sql}) * 100 + extract(day FROM ${sql})`
  const windows = birthdayWindows(daysOf(clause), now).map(
    ([from, to]) => `${day} BETWEEN ${bind(`${from}`, "integer")} AND ${bind(`${to}`, "integer")}`
  )
  return `(${windows.join(" OR ")})`
}

/** What a clause asks of a column; of `ne`, `notWithinLast` and a missing value, what must not be. */
export const columnCondition = (column: Column, clause: Clause, writing: Writing): string => {
  const { bind } = writing
  const { op, value } = clause
  if (isComparison(op)) return compared(column, op, value, bind)
  switch (op) {
    case "in":
      return among(column, clause, bind)
    case "between":
      return between(column, clause, bind)
    case "contains":
      return `strpos(${column.sql}, ${bind(operandText(column.type, op, value), "text")}) > 0`
    case "startsWith":
      return `${column.sql} ^@ ${bind(operandText(column.type, op, value), "text")}`
    case "exists":
      return `${column.sql} IS NOT NULL`
    case "withinLast":
    case "notWithinLast":
      return within(column, clause, writing)
    case "dayOfYear":
      return comesRound(column, clause, writing)
  }
}
