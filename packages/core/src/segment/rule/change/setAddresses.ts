import { DateTime, Option, Result, Schema } from "effect"
import * as AddressBook from "../../../customer/AddressBook.ts"
import { AddressId } from "../../../customer/CustomerId.ts"
import type { Facts } from "../Facts.ts"
import type { AddedAddress, DataChange } from "../RuleChange.ts"

/** What the rest of an added address is, as an example. */
export const exampleAddress = { street: "1 Main Street", city: "Springfield", country: "US" } as const

const strict = { onExcessProperty: "error" } as const
const readAddress = Schema.decodeUnknownOption(Schema.toType(AddressBook.NewAddress), strict)

const freeId = (book: AddressBook.AddressBook): AddressId => {
  let place = book.length
  const idAt = () => AddressId.make(`00000000-0000-7000-8000-${String(place).padStart(12, "0")}`)
  while (book.some(({ id }) => id === idAt())) place += 1
  return idAt()
}

/** The book with an address added; undefined where there can be no such address. */
const added = (
  book: AddressBook.AddressBook,
  { isVerified = false, ...fields }: AddedAddress,
  at: number
): AddressBook.AddressBook | undefined => {
  const id = freeId(book)
  const input = readAddress({ ...exampleAddress, ...fields })
  if (Option.isNone(input)) return undefined
  const grown = AddressBook.add(book, input.value, id, DateTime.makeUnsafe(at))
  if (Result.isFailure(grown)) return undefined
  return grown.success.map((address) => (address.id === id ? { ...address, isVerified } : address))
}

/**
 * Facts without some addresses and with others, at a moment in milliseconds since the epoch. Undefined where there can be
 * no such address.
 */
export const setAddresses = (facts: Facts, change: DataChange, at: number): Facts | undefined => {
  const { addAddresses = [], removeAddresses = [] } = change
  if (addAddresses.length === 0 && removeAddresses.length === 0) return facts
  const now = DateTime.makeUnsafe(at)
  const kept = removeAddresses.reduce((book, id) => AddressBook.remove(book, id, now), facts.customer.addresses)
  const addresses = addAddresses.reduce<AddressBook.AddressBook | undefined>(
    (book, address) => book && added(book, address, at),
    kept
  )
  return addresses && { ...facts, customer: { ...facts.customer, addresses } }
}
