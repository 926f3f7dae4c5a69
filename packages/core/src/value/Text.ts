import { Schema } from "effect"
import { shownAs } from "./shownAs.ts"

// PostgreSQL cannot store U+0000, JSON cannot carry lone surrogates, and a line break in a name or an
// address line is how header and log injection begin.
const unprintable = /\p{Cc}/u

/** True for well-formed Unicode on one line: no control characters, no lone surrogates. */
export const isPrintable = (text: string): boolean => text.isWellFormed() && !unprintable.test(text)

/** A single line of text of at most `maxLength` UTF-16 units, free of control characters. */
export const Text = (maxLength: number) =>
  Schema.String.check(
    Schema.isMaxLength(maxLength, { message: `must be at most ${maxLength} characters long` }),
    Schema.makeFilter(isPrintable, { message: "must not contain control characters or lone surrogates" })
  )

/** Like {@link Text}, and holding at least one character that is not a space. */
export const RequiredText = (maxLength: number) =>
  Text(maxLength)
    .check(Schema.makeFilter((text) => text.trim() !== "", { message: "must not be empty" }))
    .annotate(shownAs({ minLength: 1 }))
