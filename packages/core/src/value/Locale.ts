import { Schema } from "effect"

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
)

/** An ISO 4217 code in capitals, such as `USD`. */
export const Currency = Schema.String.check(
  Schema.makeFilter((code) => currencies.has(code), { message: "must be an ISO 4217 currency code such as USD" })
)

/** An IANA time zone name, such as `Europe/Berlin`. */
export const Timezone = Schema.String.check(
  Schema.makeFilter(isTimezone, { message: "must be an IANA time zone such as Europe/Berlin" })
)
