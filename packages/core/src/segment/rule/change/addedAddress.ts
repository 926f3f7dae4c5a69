import type { Address } from "../../../customer/AddressBook.ts"
import { isPostalCodeOf } from "../../../value/Country.ts"
import type { Facts } from "../Facts.ts"
import type { Scalar } from "../Rule.ts"
import type { AddedAddress } from "../RuleChange.ts"
import { type Ask, asksOf, isReached, mayTry, type Scene } from "./Goal.ts"
import { exampleAddress, setAddresses } from "./setAddresses.ts"
import { valuesFor } from "./values.ts"

/** Facts of somebody who has no addresses but these. */
export const withOnly = (facts: Facts, addresses: ReadonlyArray<Address>): Facts => ({
  ...facts,
  customer: { ...facts.customer, addresses }
})

/** Whether a single address does for what is asked: it meets it, or does not meet what is not to be met. */
export const does = (address: Address, asks: ReadonlyArray<Ask>, { at, facts }: Scene): boolean => {
  const alone = withOnly(facts, [address])
  return asks.every((ask) => isReached(ask, alone, at))
}

// The country before the postal code, which has to be one of it.
const settable = [
  "type",
  "isVerified",
  "firstName",
  "lastName",
  "company",
  "street",
  "street2",
  "city",
  "state",
  "country",
  "zipCode",
  "phone"
] as const satisfies ReadonlyArray<keyof AddedAddress>

/** The address alone in a book; undefined where there can be no such address. */
const alone = (address: AddedAddress, { at, effort, facts }: Scene): Address | undefined =>
  mayTry(effort)
    ? setAddresses(withOnly(facts, []), { set: [], addAddresses: [address] }, at)?.customer.addresses[0]
    : undefined

// A country whose postal codes have no one form.
const anyPostalCode = "HK"

const withValue = (address: AddedAddress, field: (typeof settable)[number], value: Scalar | null): AddedAddress => {
  if (value === null) return address
  const { country = exampleAddress.country } = address
  const moves = field === "zipCode" && !isPostalCodeOf(country, `${value}`)
  return { ...address, ...(moves ? { country: anyPostalCode } : {}), [field]: value }
}

const isOfBook = ({ clause }: Ask): boolean => clause.field === "address.isDefault"

/**
 * An address that does for all that is asked; undefined where none is found. Whether it is a default depends on the
 * others in its book, and is not looked at.
 */
export const addressFor = (asks: ReadonlyArray<Ask>, scene: Scene): AddedAddress | undefined => {
  let address: AddedAddress = {}
  const settled: Array<Ask> = []
  for (const field of settable) {
    const name = `address.${field}`
    const ofField = asksOf(asks, name)
    if (ofField.length === 0) continue
    settled.push(...ofField)
    const found = valuesFor(name, ofField, scene.facts, scene.at)
      .map((value) => withValue(address, field, value))
      .find((candidate) => {
        const made = alone(candidate, scene)
        return made !== undefined && does(made, settled, scene)
      })
    if (found === undefined) return undefined
    address = found
  }
  const made = alone(address, scene)
  const others = asks.filter((ask) => !isOfBook(ask))
  return made !== undefined && does(made, others, scene) ? address : undefined
}
