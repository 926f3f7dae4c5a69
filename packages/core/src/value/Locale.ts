import { Schema } from "effect"
import { shownAs } from "./shownAs.ts"

const isLanguage = (tag: string): boolean => {
  try {
    return tag.length <= 35 && Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

const currencies = new Set(Intl.supportedValuesOf("currency"))

// In lower case, as Intl reads them in any: kept as written, one zone would fill the set with its spellings.
const knownTimezones = new Set<string>()
const isTimezone = (name: string): boolean => {
  if (name.length > 64 || !/^[A-Za-z]/.test(name)) return false
  if (knownTimezones.has(name.toLowerCase())) return true
  try {
    Intl.DateTimeFormat("en", { timeZone: name })
    knownTimezones.add(name.toLowerCase())
    return true
  } catch {
    return false
  }
}

/** A BCP 47 language tag that `Intl.getCanonicalLocales` accepts, such as `en` or `pt-BR`. */
export const Language = Schema.String.check(
  Schema.makeFilter(isLanguage, { message: "must be a language tag such as en or pt-BR" })
).annotate({
  description: "A BCP 47 language tag.",
  examples: ["en", "pt-BR"],
  ...shownAs({ pattern: "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", maxLength: 35 })
})

/** An ISO 4217 code in capitals, such as `USD`. */
export const Currency = Schema.String.check(
  Schema.makeFilter((code) => currencies.has(code), { message: "must be an ISO 4217 currency code such as USD" })
).annotate({
  description: "An ISO 4217 currency code in capitals.",
  examples: ["USD"],
  ...shownAs({ pattern: "^[A-Z]{3}$" })
})

/** An IANA time zone name, such as `Europe/Berlin`. */
export const Timezone = Schema.String.check(
  Schema.makeFilter(isTimezone, { message: "must be an IANA time zone such as Europe/Berlin" })
).annotate({
  description: "An IANA time zone name.",
  examples: ["America/New_York"],
  ...shownAs({ pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$", maxLength: 64 })
})
