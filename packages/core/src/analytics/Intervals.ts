import { DateTime, Schema } from "effect"
import { Instant } from "../value/Instant.ts"
import {
  type AnalyticsFacts,
  counted,
  daysIn,
  millisSince,
  ordersTold,
  type PastOrder,
  provenance
} from "./AnalyticsFacts.ts"

const Days = Schema.Finite.annotate({ description: "Days of 24 hours, with two decimals." })

/** How long she takes from one order to the next. */
export const Intervals = Schema.Struct({
  count: Schema.optionalKey(Schema.Int.annotate({ description: "How many intervals: one fewer than orders." })),
  mean: Schema.optionalKey(Days),
  median: Schema.optionalKey(Days),
  shortest: Schema.optionalKey(Days),
  longest: Schema.optionalKey(Days),
  ...provenance
})
type Intervals = typeof Intervals.Type

/** When her next order is to be expected, by her own intervals. */
export const NextOrder = Schema.Struct({
  expectedAt: Schema.optionalKey(Instant),
  overdueRatio: Schema.optionalKey(
    Schema.Finite.annotate({
      description: "The time since her last order, in median intervals, with two decimals: above 1 it is overdue."
    })
  ),
  ...provenance
})
type NextOrder = typeof NextOrder.Type

/** The time between orders that follow each other, in milliseconds; the first completed comes first. */
const intervalsBetween = (orders: ReadonlyArray<PastOrder>): ReadonlyArray<number> =>
  orders
    .slice(1)
    .map(
      ({ completedAt }, index) =>
        completedAt.epochMilliseconds - (orders[index] ?? { completedAt }).completedAt.epochMilliseconds
    )

/** The one in the middle, or the mean of the two in the middle; undefined of none. */
export const medianOf = (values: ReadonlyArray<number>): number | undefined => {
  const sorted = values.toSorted((one, other) => one - other)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

const figuresOf = (intervals: ReadonlyArray<number>, median: number) => ({
  mean: daysIn(intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length),
  median: daysIn(median),
  shortest: daysIn(intervals.reduce((least, interval) => Math.min(least, interval))),
  longest: daysIn(intervals.reduce((most, interval) => Math.max(most, interval)))
})

/** Her intervals at `now`. */
export const intervalsOf = (facts: AnalyticsFacts, now: DateTime.Utc): Intervals => {
  const intervals = intervalsBetween(facts.orders)
  const median = medianOf(intervals)
  const told = { basis: ordersTold(facts), asOf: now }
  if (facts.orders.length === 0) return told
  return { count: intervals.length, ...(median === undefined ? {} : figuresOf(intervals, median)), ...told }
}

/** So many intervals are needed before the next one is guessed at. */
const fewestIntervals = 2

const whyNoGuess = (count: number): string =>
  count < fewestIntervals
    ? `not expected: that takes ${fewestIntervals} intervals, and there ${count === 1 ? "is 1" : "is none"}`
    : "not expected: her median interval is 0"

/** Her next order at `now`: a median interval after her last one. */
export const nextOrderOf = (facts: AnalyticsFacts, now: DateTime.Utc): NextOrder => {
  const intervals = intervalsBetween(facts.orders)
  const [median, last] = [medianOf(intervals), facts.orders.at(-1)?.completedAt]
  if (intervals.length < fewestIntervals || median === undefined || median === 0 || last === undefined) {
    return { basis: `${whyNoGuess(intervals.length)}; ${ordersTold(facts)}`, asOf: now }
  }
  const method = `her last order and the median of ${counted(intervals.length, "interval")}`
  return {
    expectedAt: DateTime.add(last, { milliseconds: Math.round(median) }),
    overdueRatio: Math.round((millisSince(last, now) / median) * 100) / 100,
    basis: `${method}; ${ordersTold(facts)}`,
    asOf: now
  }
}
