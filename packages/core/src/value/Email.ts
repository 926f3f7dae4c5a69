import { Schema, SchemaTransformation } from "effect"
import { shownAs } from "./shownAs.ts"

const maxLength = 254
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

const isAddress = (text: string): boolean => {
  const at = text.indexOf("@")
  const local = text.slice(0, at)
  const labels = text.slice(at + 1).split(".")
  return (
    at > 0 &&
    text.length <= maxLength &&
    local.length <= 64 &&
    localPart.test(local) &&
    labels.length > 1 &&
    labels.every((label) => domainLabel.test(label)) &&
    !/^[0-9]+$/.test(labels.at(-1) ?? "")
  )
}

const normalize = (text: string): string => {
  const trimmed = text.trim()
  const at = trimmed.lastIndexOf("@")
  return trimmed.slice(0, at + 1) + trimmed.slice(at + 1).toLowerCase()
}

/**
 * A mail address, domain part in lower case, at most 254 characters (RFC 5321). Only ASCII is taken: an
 * international domain comes in its `xn--` form, so that no look-alike letter can pass for another
 * customer's address, and so that lower-casing means the same here and in every database.
 */
export const Email = Schema.String.check(
  Schema.makeFilter(isAddress, {
    message: "must be one mail address such as jane@example.com (international domains in their xn-- form)"
  })
)
  .annotate({
    description: "A mail address, its domain in lower case.",
    examples: ["john.doe@example.com"],
    ...shownAs({ format: "email", maxLength })
  })
  .pipe(Schema.brand("Email"))
export type Email = typeof Email.Type

/** What people type: surrounding spaces are dropped and the domain is lower-cased before the check. */
export const EmailInput = Schema.String.annotate({
  format: "email",
  description: "One mail address of at most 254 characters; an international domain in its xn-- form.",
  examples: ["jane.smith@example.com"]
}).pipe(Schema.decodeTo(Email, SchemaTransformation.transform({ decode: normalize, encode: (email) => email })))

/** The form under which two addresses are the same customer's. */
export const uniqueForm = (email: string): string => email.toLowerCase()
