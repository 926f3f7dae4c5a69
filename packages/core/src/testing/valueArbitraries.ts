import { DateTime } from "effect"
import * as fc from "fast-check"
import { LegacyId } from "../customer/CustomerId.ts"
import type { Attributes, AttributeChanges } from "../value/Attributes.ts"
import { Email } from "../value/Email.ts"
import { isPrintable } from "../value/Text.ts"

const names = [
  "Zoë",
  "Siobhán O’Néill-Müller",
  "Nguyễn Thị Ánh",
  "李小龍",
  "محمد بن سلمان",
  "Þórðr Ægisson",
  "Null",
  "Robert'); DROP TABLE customers;--",
  "100%_off\\",
  "👩‍👩‍👧‍👦",
  "=cmd()",
  '"quoted"'
]

const longest = (maxLength: number) => fc.constantFrom("x".repeat(maxLength), "𐍈".repeat(Math.floor(maxLength / 2)))

/** One line of text the domain takes: names of many scripts, empty text, text as long as it may be. */
export const line = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constantFrom("", " ", ...names.filter((name) => name.length <= maxLength)), weight: 4 },
    {
      arbitrary: fc
        .string({ unit: "grapheme", maxLength: Math.min(maxLength, 40) })
        .filter((text) => text.length <= maxLength && isPrintable(text)),
      weight: 4
    },
    { arbitrary: longest(maxLength), weight: 1 }
  )

/** Like {@link line}, and never blank. */
export const filledLine = (maxLength: number): fc.Arbitrary<string> =>
  line(maxLength).map((text) => (text.trim() === "" ? "1 Main St" : text))

const localCharacter = fc.constantFrom(
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+/=?^_`{|}~-"
)
const localAtom = fc.string({ unit: localCharacter, minLength: 1, maxLength: 12 })
const localPart = fc.array(localAtom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join("."))
const domains = ["example.com", "mail.example.co.uk", "xn--mnchen-3ya.de", "a.b-c.museum", `${"d".repeat(63)}.example`]

/** Mail addresses: every character a local part may have, punycode domains, the longest local part. */
export const email: fc.Arbitrary<Email> = fc
  .tuple(fc.oneof({ arbitrary: localPart, weight: 9 }, fc.constant("l".repeat(64))), fc.constantFrom(...domains))
  .map(([local, domain]) => Email.make(`${local}@${domain}`))

/** Telephone numbers of 7 to 15 digits, with and without separators. */
export const phoneNumber: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("+1-555-0123", "(030) 123/45.67-89", "5550123", "+123456789012345", "+4 9 1 5 1 2 3 4 5 6 7 8 9 0 1"),
  fc.stringMatching(/^\+?[1-9][0-9]{6,14}$/)
)

/** Moments from 2000 to 2099, to the millisecond. */
export const instant: fc.Arbitrary<DateTime.Utc> = fc
  .integer({ min: 946_684_800_000, max: 4_102_444_799_999 })
  .map((epochMilliseconds) => DateTime.makeUnsafe(epochMilliseconds))

/** Magento ids: unsigned 32-bit integers. */
export const legacyId: fc.Arbitrary<LegacyId> = fc
  .integer({ min: 1, max: 4_294_967_295 })
  .map((id) => LegacyId.make(id))

const dayMillis = 86_400_000

/** Days of birth from 1900 to 1999, leap days among them. */
export const birthDate: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("1900-01-01", "1904-02-29", "1996-02-29", "1999-12-31"),
  fc
    .integer({ min: -25_567, max: 10_956 })
    .map((day) => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(day * dayMillis)))
)

export const language = fc.constantFrom("en", "pt-BR", "zh-Hant-TW", "sr-Latn-RS", "de-CH-1996", "en-US-u-hc-h12")
export const currency = fc.constantFrom("USD", "EUR", "JPY", "KWD", "CHF")
export const timezone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/Argentina/Buenos_Aires",
  "Asia/Calcutta",
  "Pacific/Chatham",
  "Etc/GMT+12"
)

const attributeKey = fc
  .oneof(
    fc.constantFrom("size", "a.b", "toString", "x-y_z", "K".repeat(64)),
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/)
  )
  .filter((key) => key !== "constructor" && key !== "prototype" && key !== "avatar")

// -0 is left out: JSON writes it as 0.
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number))

const attributeValue = fc.oneof(
  line(2000),
  fc.constantFrom("two\nlines\tand a tab", "#token=x&y=<b>"),
  fc.integer(),
  finite,
  fc.boolean()
)

/** Attributes with awkward keys and values. */
export const attributes: fc.Arbitrary<Attributes> = fc.dictionary(attributeKey, attributeValue, {
  maxKeys: 6,
  noNullPrototype: true
})

/** Changes to attributes: some set, some removed. */
export const attributeChanges: fc.Arbitrary<typeof AttributeChanges.Type> = fc.dictionary(
  attributeKey,
  fc.option(attributeValue, { freq: 4 }),
  { maxKeys: 6, noNullPrototype: true }
)

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`))

/** A country with a postal code of its form; `undefined` where the country has none. */
export const postalArea: fc.Arbitrary<{ readonly country: string; readonly zipCode: string | undefined }> = fc.oneof(
  digits(5).map((zipCode) => ({ country: "US", zipCode })),
  fc.tuple(digits(5), digits(4)).map(([zip, plusFour]) => ({ country: "US", zipCode: `${zip}-${plusFour}` })),
  digits(5).map((zipCode) => ({ country: "DE", zipCode })),
  fc.tuple(digits(3), digits(4)).map((parts) => ({ country: "JP", zipCode: parts.join("-") })),
  fc.constantFrom(
    { country: "GB", zipCode: "SW1A 1AA" },
    { country: "GB", zipCode: "m1 1ae" },
    { country: "CA", zipCode: "K1A 0B1" },
    { country: "NL", zipCode: "1012 AB" },
    { country: "PT", zipCode: "1000-001" },
    { country: "IE", zipCode: "D02 AF30" },
    { country: "SE", zipCode: "" },
    { country: "HK", zipCode: undefined },
    { country: "AX", zipCode: undefined }
  )
)
