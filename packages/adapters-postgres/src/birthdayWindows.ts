import { afterDays } from "@customer-service/core"

/** Two spans of days of a year, each told as 100 times the month and the day, both ends included; one may be empty. */
export type Windows = readonly [readonly [number, number], readonly [number, number]]

const none = [1, 0] as const
const [first, last] = [101, 1231] as const

const dayOf = (moment: Date): number => (moment.getUTCMonth() + 1) * 100 + moment.getUTCDate()

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** The last day of a span: where the year has no 29 February, that day comes round on the 28th. */
const end = (moment: Date): number => (dayOf(moment) === 228 && !isLeap(moment.getUTCFullYear()) ? 229 : dayOf(moment))

/** The days of the year that come round within so many days from a moment on, today being 0, by the calendar of UTC. */
export const birthdayWindows = (days: number, now: number): Windows => {
  // Every day has come round after 365 days, whatever leap day is among them.
  if (days >= 365) return [[first, last], none]
  const [begins, ends] = [new Date(now), new Date(afterDays(now, days))]
  return begins.getUTCFullYear() === ends.getUTCFullYear()
    ? [[dayOf(begins), end(ends)], none]
    : [
        [dayOf(begins), last],
        [first, end(ends)]
      ]
}
