import { Schema } from "effect"

/** A moment, on the wire as RFC 3339 in UTC with milliseconds. */
export const Instant = Schema.DateTimeUtcFromString.pipe(
  Schema.annotateEncoded({ format: "date-time", examples: ["2023-01-15T10:00:00.000Z"] })
)
