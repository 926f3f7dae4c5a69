import { DateTime } from "effect"
import { afterDays, midnightOf, momentOf } from "../moments.ts"
import { type Ask, daysOf, operandsOf } from "./Goal.ts"
import { distinct, sortedBy } from "./orderedFirst.ts"

const dayOf = (moment: number): string => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(moment))

/** The moments from which on, and before which, something was within the last so many days. */
const bounds = (days: ReadonlyArray<number>, at: number): ReadonlyArray<number> =>
  days.map((count) => afterDays(at, -count))

const years = [1985, 1984, 1990]
const mostTried = 16

/** Days of the calendar that come round in so many days, in some years. */
const birthdays = (days: ReadonlyArray<number>, anchors: ReadonlyArray<number>, at: number): ReadonlyArray<string> => {
  if (days.length === 0) return []
  const ahead = distinct([...days.flatMap((count) => [count, count + 1]).slice(0, mostTried), 0, -1, 183])
  const near = [at, ...anchors].map((moment) => DateTime.getPartUtc(DateTime.makeUnsafe(moment), "year"))
  const inYears = distinct([...near.slice(0, mostTried).flatMap((year) => [year, year - 1, year + 1]), ...years])
  return ahead
    .map((count) => dayOf(afterDays(at, count)).slice(4))
    .flatMap((day) => inYears.map((year) => `${year}${day}`))
}

/** Days that a date of birth may have to be for what is asked of it, at a moment. */
export const datesFor = (asks: ReadonlyArray<Ask>, at: number): ReadonlyArray<string> => {
  const operands = operandsOf(asks).flatMap((operand) => midnightOf(`${operand}`) ?? [])
  const anchors = [...operands, ...bounds(daysOf(asks, "passing"), at)]
  const near = anchors.flatMap((moment) => [moment, afterDays(moment, -1), afterDays(moment, 1)].map(dayOf))
  const calendar = birthdays(daysOf(asks, "calendar"), anchors, at)
  return distinct([...near, ...calendar, "1985-06-15", dayOf(at), "1900-01-01"])
}

/** Moments up to `at` that an order may have to be of for what is asked of the last one, the latest first. */
export const momentsFor = (asks: ReadonlyArray<Ask>, at: number): ReadonlyArray<number> => {
  const operands = operandsOf(asks).flatMap((operand) => momentOf(`${operand}`) ?? [])
  const anchors = [...operands, ...bounds(daysOf(asks, "passing"), at)]
  const near = anchors.flatMap((moment) => [moment, moment - 1, moment + 1])
  return sortedBy(distinct(near.filter((moment) => moment <= at)), (moment) => -moment)
}
