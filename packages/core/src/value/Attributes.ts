import { Schema } from "effect"
import { shownAs } from "./shownAs.ts"
import { isPrintable } from "./Text.ts"

// Keys that name something on every JavaScript object, or that typed-JSON readers instantiate.
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"])
const name = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/

const AttributeKey = Schema.String.check(
  Schema.makeFilter((key) => name.test(key) && !forbiddenKeys.has(key), {
    message: "must be a name of letters, digits, _ . and -, starting with a letter, at most 64 long"
  })
).annotate(shownAs({ pattern: name.source }))

const AttributeText = Schema.String.check(
  Schema.isMaxLength(2000, { message: "must be at most 2000 characters long" }),
  Schema.makeFilter((text) => isPrintable(text.replace(/[\n\r\t]/g, "")), {
    message: "must not contain control characters or lone surrogates"
  })
)

/** One value of a custom attribute: text, a finite number or a boolean. */
const AttributeValue = Schema.Union([AttributeText, Schema.Finite, Schema.Boolean])

/** How many attributes a customer may have in one place. */
const mostAttributes = 50

/** How long they may be together, in characters of JSON. */
const longestTogether = 16_384

/** What is wrong with attributes as a whole; undefined where nothing is. */
export const excessOf = (attributes: Readonly<Record<string, unknown>>): string | undefined => {
  if (Object.keys(attributes).length > mostAttributes) return `must hold at most ${mostAttributes} attributes`
  return JSON.stringify(attributes).length > longestTogether
    ? `must be at most ${longestTogether} characters long as JSON`
    : undefined
}

/** Attributes a shop adds by itself: at most 50 named values of text, number or boolean, 16 KiB together. */
export const Attributes = Schema.Record(AttributeKey, AttributeValue)
  .check(Schema.makeFilter(excessOf))
  .annotate({
    description: `Attributes the shop adds by itself: at most ${mostAttributes} named values of text, number or boolean.`,
    ...shownAs({ maxProperties: mostAttributes })
  })
export type Attributes = typeof Attributes.Type

/** Changes to {@link Attributes}: a value sets its key, `null` removes it, other keys stay. */
export const AttributeChanges = Schema.Record(AttributeKey, Schema.NullOr(AttributeValue)).annotate({
  description: "Changes to the shop's own attributes: a value sets its key, null removes it, other keys stay."
})

/** `attributes` with `changes` applied key by key. */
export const changeAttributes = (attributes: Attributes, changes: typeof AttributeChanges.Type): Attributes =>
  Object.fromEntries(
    Object.entries({ ...attributes, ...changes }).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))
  )
