import { DateTime, Option } from "effect"

const day = 86_400_000

const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** Milliseconds since the epoch; undefined for what is not of the calendar, or of years that not every store can hold. */
const millisOf = (text: string): number | undefined => {
  const written = text.slice(0, 10)
  const midnight = DateTime.make(`${written}T00:00:00.000Z`)
  const moment = DateTime.make(text)
  if (Option.isNone(midnight) || Option.isNone(moment)) return undefined
  const isOfCalendar = DateTime.formatIsoDateUtc(midnight.value) === written
  return isOfCalendar && written >= "1000-01-02" && written <= "9998-12-31" ? moment.value.epochMilliseconds : undefined
}

/** The midnight, UTC, with which a day written YYYY-MM-DD begins; undefined for one that is not in the calendar. */
export const midnightOf = (text: string): number | undefined =>
  dayPattern.test(text) ? millisOf(`${text}T00:00:00.000Z`) : undefined

/** The moment that text names, in milliseconds since the epoch; undefined where it names none. */
export const momentOf = (text: string): number | undefined =>
  momentPattern.test(text) ? millisOf(text) : midnightOf(text)

/** When so many days after a moment are over. */
export const afterDays = (moment: number, days: number): number => moment + days * day

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const occurrence = (date: string, year: number): number => {
  const [month, dayOfMonth] = [Number(date.slice(5, 7)), Number(date.slice(8, 10))]
  const shown = month === 2 && dayOfMonth === 29 && !isLeap(year) ? 28 : dayOfMonth
  return DateTime.makeUnsafe({ year, month, day: shown }).epochMilliseconds
}

/** The midnight with which a day comes round next, today included. */
export const nextOccurrence = (date: string, now: number): number => {
  const today = now - (((now % day) + day) % day)
  const year = DateTime.getPartUtc(DateTime.makeUnsafe(today), "year")
  const thisYear = occurrence(date, year)
  return thisYear >= today ? thisYear : occurrence(date, year + 1)
}

/** Whether a day comes round within so many days, today being 0. */
export const comesRoundWithin = (date: string, days: number, now: number): boolean =>
  nextOccurrence(date, now) - days * day <= now

/** When the answer of {@link comesRoundWithin} is another one next. */
export const nextTurn = (date: string, days: number, now: number): number => {
  const next = nextOccurrence(date, now)
  const opens = next - days * day
  return opens > now ? opens : next + day
}
