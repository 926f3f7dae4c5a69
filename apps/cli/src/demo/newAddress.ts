import type { AddressBook } from "@customer-service/core"
import { fill } from "./Country.ts"
import type { Person } from "./Person.ts"
import type { SeededRandom } from "./SeededRandom.ts"

const types = ["both", "both", "both", "shipping", "shipping", "shipping", "billing"] as const

/** An address of a person: at home or elsewhere in her country, with a postal code of that very place. */
export const newAddress = (person: Person, random: SeededRandom): AddressBook.NewAddress => {
  const { company, country, family, given, home } = person
  const { city, state, zipCode } = random.chance(0.7) ? home : random.pick(country.cities)
  return {
    type: random.pick(types),
    ...(random.chance(0.3) ? { isDefault: true } : {}),
    firstName: given.written,
    lastName: family.written,
    ...(company === undefined ? {} : { company }),
    street: fill(random.pick(country.streets), random),
    city,
    ...(state === undefined ? {} : { state }),
    zipCode: fill(zipCode, random),
    country: country.code,
    ...(random.chance(0.4) ? { phone: fill(random.pick(country.phones), random) } : {})
  }
}
