import { Schema } from "effect"
import { shownAs } from "./shownAs.ts"

const written = /^\+?[0-9 ().\-/]+$/

const isDialable = (text: string): boolean => {
  const digits = text.replace(/[^0-9]/g, "").length
  return written.test(text) && digits >= 7 && digits <= 15
}

/**
 * A telephone number as its owner writes it: digits, an optional leading `+`, and the separators
 * space `(` `)` `.` `-` `/`; 7 to 15 digits (ITU-T E.164) in at most 40 characters.
 */
export const PhoneNumber = Schema.String.check(
  Schema.isMaxLength(40, { message: "must be at most 40 characters long" }),
  Schema.makeFilter(isDialable, {
    message: "must be a telephone number of 7 to 15 digits, written with +, digits, spaces and ( ) . - /"
  })
).annotate({
  description: "A telephone number of 7 to 15 digits, kept as written: +, digits, spaces and ( ) . - /",
  examples: ["+1-555-0123"],
  ...shownAs({ pattern: written.source, minLength: 7 })
})
