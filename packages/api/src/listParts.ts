import { Text } from "@customer-service/core"
import { Schema } from "effect"

/** How many entries a page is to hold: 1 to 200. */
export const Limit = Schema.String.check(
  Schema.makeFilter((text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= 200, {
    message: "must be a whole number from 1 to 200"
  })
).pipe(Schema.decodeTo(Schema.FiniteFromString))

/** Where the page before ended. */
export const Cursor = Text.Text(200)

/** What stands beside the entries of a page. */
export const Page = Schema.Struct({
  nextCursor: Schema.optionalKey(
    Schema.String.annotate({ description: "Give it as `cursor` for the next page; absent on the last." })
  )
}).annotate({ identifier: "Page" })

// `Date` reads a year out of nearly anything, and years that no database can compare with.
const moment = /^[12]\d{3}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Whether the calendar has the day: `Date` takes 30 February for 1 March. */
const isDay = (day: string): boolean => {
  const time = Date.parse(day)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

const isMoment = (text: string): boolean =>
  moment.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))

/** A day or a time of a query string. */
export const Moment = Schema.String.check(
  Schema.makeFilter(isMoment, {
    message: "must be a day or a time such as 2024-10-30T10:00:00Z"
  })
).pipe(Schema.decodeTo(Schema.DateTimeUtcFromString))
