import { afterDays, type Clause, type Rule, timedClausesOf } from "@customer-service/core"
import type { DateTime } from "effect"
import type { RuleSql, RuleSqlOptions } from "./ruleSql.ts"
import { type Column, placeOf, tablesOf } from "./ruleSqlColumns.ts"
import { daysOf, lastDay, type Writing } from "./ruleSqlConditions.ts"
import { dayText, instantText } from "./ruleSqlOperands.ts"
import { makeParameters } from "./ruleSqlParameters.ts"

/** The moment with which a day begins, as an expression of a date or of a timestamp without a time zone. */
const midnight = (day: string): string => `(${day})::timestamp AT TIME ZONE 'UTC'`

const spanOf = (days: string): string => `${days} * interval '24 hours'`

/** The end of a span of days that is not over yet: a span from the column's value on. */
const spanEnd = ({ sql, table, type }: Column, clause: Clause, { bind, now }: Writing): string => {
  const days = daysOf(clause)
  const since = afterDays(now, -days)
  if (type === "date") {
    const isRunning = `${sql} > ${bind(dayText(since), "date")} AND ${sql} <= ${bind(lastDay, "date")}`
    return `CASE WHEN ${isRunning} THEN ${midnight(sql)} + ${spanOf(bind(`${days}`, "integer"))} END`
  }
  const isRunning = `${sql} > ${bind(instantText(since), "timestamptz")}`
  const first =
    table === "a"
      ? `(SELECT min(${sql}) FROM customer_addresses a WHERE a.customer_id = c.id AND ${isRunning})`
      : `CASE WHEN ${isRunning} THEN ${sql} END`
  return `${first} + ${spanOf(bind(`${days}`, "integer"))}`
}

/** When a day that comes round enters or leaves the days ahead. Adding years moves a 29 February to the 28th. */
const turn = ({ sql }: Column, clause: Clause, { bind, now }: Writing): string => {
  const [today, thisYear] = [dayText(now), new Date(now).getUTCFullYear()]
  const year = bind(`${thisYear}`, "integer")
  const inYear = (which: string) => `(${sql} + make_interval(years => ${which} - extract(year FROM ${sql})::integer))`
  const next = `CASE WHEN ${inYear(year)} >= ${bind(today, "date")} THEN ${inYear(year)} ELSE ${inYear(`${year} + 1`)} END`
  const days = bind(`${daysOf(clause)}`, "integer")
  const moment = bind(instantText(now), "timestamptz")
  return `(SELECT CASE WHEN opens > ${moment} THEN opens ELSE begins + interval '24 hours' END
    FROM (SELECT begins, begins - ${spanOf(days)} AS opens FROM (SELECT ${midnight(next)} AS begins) AS round) AS ahead)`
}

const flip = (clause: Clause, writing: Writing): ReadonlyArray<string> => {
  const place = placeOf(clause.field)
  if (place?.kind !== "column") return []
  return [clause.op === "dayOfYear" ? turn(place.column, clause, writing) : spanEnd(place.column, clause, writing)]
}

/**
 * The moment after `now` at which time alone turns a clause of a rule next, equal to `nextFlip`: an expression of a
 * TIMESTAMPTZ, NULL where no clause will be turned.
 */
export const nextFlipSql = (rule: Rule, now: DateTime.Utc, { firstParameter = 1 }: RuleSqlOptions = {}): RuleSql => {
  const { bind, values } = makeParameters(firstParameter)
  const timed = timedClausesOf(rule)
  const flips = timed.flatMap((clause) => flip(clause, { bind, now: now.epochMilliseconds }))
  const text = flips.length === 0 ? "NULL::timestamptz" : `least(${flips.join(", ")})`
  return { text, parameters: values, tables: tablesOf(timed.map(({ field }) => field)) }
}
