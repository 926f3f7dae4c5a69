import { Schema } from "effect"
import { shownAs } from "./shownAs.ts"

// ISO 3166-1 alpha-2, officially assigned codes.
const codes = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
    "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT " +
    "MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
    "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
  ).split(" ")
)

/** An ISO 3166-1 alpha-2 code in capitals, such as `US`. */
export const CountryCode = Schema.String.check(
  Schema.makeFilter((code) => codes.has(code), { message: "must be an ISO 3166-1 alpha-2 country code such as US" })
).annotate({
  description: "An ISO 3166-1 alpha-2 country code in capitals.",
  examples: ["US"],
  ...shownAs({ pattern: "^[A-Z]{2}$" })
})

const fourDigits = /^\d{4}$/
const fiveDigits = /^\d{5}$/
const sixDigits = /^\d{6}$/

// Countries whose postal codes have one fixed form (Universal Postal Union, addressing guides).
const postalPatterns: Readonly<Record<string, RegExp>> = {
  AT: fourDigits,
  AU: fourDigits,
  BE: fourDigits,
  BG: fourDigits,
  BR: /^\d{5}-?\d{3}$/,
  CA: /^[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z] ?\d[A-CEGHJ-NPR-TV-Z]\d$/i,
  CH: fourDigits,
  CN: sixDigits,
  CZ: /^\d{3} ?\d{2}$/,
  DE: fiveDigits,
  DK: fourDigits,
  EE: fiveDigits,
  ES: fiveDigits,
  FI: fiveDigits,
  FR: fiveDigits,
  GB: /^([A-Z]{1,2}\d[A-Z\d]?|GIR) ?\d?[A-Z]{2}$/i,
  GR: /^\d{3} ?\d{2}$/,
  HR: fiveDigits,
  HU: fourDigits,
  IN: /^[1-9]\d{2} ?\d{3}$/,
  IT: fiveDigits,
  JP: /^\d{3}-?\d{4}$/,
  KR: fiveDigits,
  LT: /^(LT-)?\d{5}$/i,
  LU: /^(L-)?\d{4}$/i,
  LV: /^(LV-)?\d{4}$/i,
  MX: fiveDigits,
  NL: /^[1-9]\d{3} ?[A-Z]{2}$/i,
  NO: fourDigits,
  NZ: fourDigits,
  PL: /^\d{2}-?\d{3}$/,
  PT: /^\d{4}-\d{3}$/,
  RO: sixDigits,
  RU: sixDigits,
  SE: /^\d{3} ?\d{2}$/,
  SI: fourDigits,
  SK: /^\d{3} ?\d{2}$/,
  TR: fiveDigits,
  UA: fiveDigits,
  US: /^\d{5}(-\d{4})?$/
}

/** Whether `postalCode` has the form its country uses; countries without one fixed form take any. */
export const isPostalCodeOf = (country: string, postalCode: string): boolean =>
  postalPatterns[country]?.test(postalCode) ?? true
