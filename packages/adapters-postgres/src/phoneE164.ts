import { parsePhoneNumberFromString } from "libphonenumber-js/min"
import type { CountryCode } from "libphonenumber-js/min"

// A plus and 15 digits. National plans have longer numbers, which the library finds valid all the same.
const longest = 16

/**
 * The E.164 form of a telephone number, where the library finds it valid; undefined otherwise. `country` (ISO
 * 3166-1 alpha-2) tells how to read a number without an international prefix.
 */
export const phoneE164 = (phone: string | undefined, country?: string): string | undefined => {
  if (phone === undefined) return undefined
  const parsed = parsePhoneNumberFromString(phone, country as CountryCode | undefined)
  return parsed?.isValid() === true && parsed.number.length <= longest ? parsed.number : undefined
}
