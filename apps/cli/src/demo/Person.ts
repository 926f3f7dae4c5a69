import type { City, Country, Word } from "./Country.ts"
import { countries } from "./countries/index.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** Somebody who shops: everything about her that her record and her addresses have in common. */
export interface Person {
  readonly country: Country
  readonly home: City
  readonly gender: "female" | "male"
  readonly given: Word
  readonly family: Word
  readonly company: string | undefined
}

const shareOfBusinesses = 0.08

/** Makes somebody up. */
export const person = (random: SeededRandom): Person => {
  const country = random.pick(countries)
  const gender = random.chance(0.54) ? "female" : "male"
  const family = random.pick(country.families)
  return {
    country,
    home: random.pick(country.cities),
    gender,
    given: random.pick(gender === "female" ? country.women : country.men),
    family,
    company: random.chance(shareOfBusinesses) ? `${family.written} ${country.company}` : undefined
  }
}
