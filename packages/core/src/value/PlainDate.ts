import { DateTime, Option, Schema } from "effect"

const exists = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = DateTime.make(`${text}T00:00:00.000Z`)
  return Option.isSome(date) && DateTime.formatIsoDateUtc(date.value) === text
}

/** A day of birth, `YYYY-MM-DD`, that exists in the calendar and is not before 1900. */
export const BirthDate = Schema.String.annotate({
  format: "date",
  description: "A day, YYYY-MM-DD, that exists in the calendar and is not before 1900.",
  examples: ["1985-06-15"]
}).check(
  Schema.makeFilter((text) => exists(text) && text >= "1900-01-01", {
    message: "must be an existing day written YYYY-MM-DD, not before 1900-01-01"
  })
)
