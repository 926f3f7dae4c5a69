import { Array, DateTime, Result } from "effect"
import * as fc from "fast-check"
import * as AddressBook from "../customer/AddressBook.ts"
import type { Change, Circumstances, Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type {
  AddressLimitExceeded,
  AddressNotFound,
  CustomerNotFound,
  InvalidInput,
  VersionConflict
} from "../customer/CustomerErrors.ts"
import { AddressId, type LegacyId } from "../customer/CustomerId.ts"
import { filledLine, instant, legacyId, line, phoneNumber, postalArea } from "./valueArbitraries.ts"

const addressType = fc.constantFrom("shipping" as const, "billing" as const, "both" as const)

const lines = {
  firstName: line(100),
  lastName: line(100),
  company: line(255),
  street2: line(255),
  state: line(100),
  phone: phoneNumber
}

const flags = { type: addressType, isDefault: fc.boolean() }

type Area = { readonly country: string; readonly zipCode: string | undefined }

const placed = <Fields extends object>(fields: Fields, { country, zipCode }: Area) =>
  zipCode === undefined ? { ...fields, country } : { ...fields, country, zipCode }

/** Addresses to add; the postal code is one of their country. */
export const newAddress: fc.Arbitrary<AddressBook.NewAddress> = fc
  .tuple(
    fc.record(
      { ...flags, ...lines, street: filledLine(255), city: filledLine(100) },
      { requiredKeys: ["street", "city"], noNullPrototype: true }
    ),
    postalArea
  )
  .map(([fields, area]) => placed(fields, area))

const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { freq: 3 })

const moved = (fields: AddressBook.AddressChanges, area: Area | null): AddressBook.AddressChanges =>
  area === null ? fields : { ...fields, country: area.country, zipCode: area.zipCode ?? null }

/** Changes that fit every address: a country comes with a postal code of its form, or with none. */
export const addressChanges: fc.Arbitrary<AddressBook.AddressChanges> = fc
  .tuple(
    fc.record(
      {
        ...flags,
        firstName: nullable(lines.firstName),
        lastName: nullable(lines.lastName),
        company: nullable(lines.company),
        street2: nullable(lines.street2),
        state: nullable(lines.state),
        phone: nullable(lines.phone),
        street: filledLine(255),
        city: filledLine(100)
      },
      { requiredKeys: [], noNullPrototype: true }
    ),
    fc.option(postalArea)
  )
  .map(([fields, area]) => moved(fields, area))

/** Something a customer does to her address book; `position` counts round the addresses she has. */
export type AddressCommand =
  | { readonly _tag: "Add"; readonly id: AddressId; readonly input: AddressBook.NewAddress }
  | { readonly _tag: "Change"; readonly position: number; readonly changes: AddressBook.AddressChanges }
  | { readonly _tag: "Remove"; readonly position: number }

const addressId = fc.uuid({ version: 7 }).map((id) => AddressId.make(id))

/** Commands to an address book. */
export const addressCommand: fc.Arbitrary<AddressCommand> = fc.oneof(
  fc.record({ _tag: fc.constant("Add" as const), id: addressId, input: newAddress }, { noNullPrototype: true }),
  fc.record(
    { _tag: fc.constant("Change" as const), position: fc.nat(9), changes: addressChanges },
    { noNullPrototype: true }
  ),
  fc.record({ _tag: fc.constant("Remove" as const), position: fc.nat(9) }, { noNullPrototype: true })
)

/** The address a command is about; undefined where the book is empty. */
export const addressAt = (customer: Customer, position: number): AddressBook.Address | undefined =>
  customer.addresses[position % customer.addresses.length]

/** Why a command to an address book may be refused. */
export type AddressRefusal = CustomerNotFound | VersionConflict | InvalidInput | AddressNotFound | AddressLimitExceeded

/** Decides a command under a limit of ten; undefined where it is about an address of an empty book. */
export const decideAddressCommand = (
  customer: Customer,
  command: AddressCommand,
  when: Circumstances
): Result.Result<Change, AddressRefusal> | undefined => {
  if (command._tag === "Add") return Decisions.addAddress(customer, command.input, command.id, 10, when)
  const address = addressAt(customer, command.position)
  if (address === undefined) return undefined
  return command._tag === "Change"
    ? Decisions.changeAddress(customer, address.id, command.changes, when)
    : Decisions.removeAddress(customer, address.id, when)
}

const idAt = (index: number): AddressId => AddressId.make(`01900000-0000-7000-8000-${String(index).padStart(12, "0")}`)

interface Entry {
  readonly input: AddressBook.NewAddress
  readonly gapMillis: number
  readonly isVerified: boolean
  readonly legacyId: LegacyId | null
}

const entry: fc.Arbitrary<Entry> = fc.record(
  { input: newAddress, gapMillis: fc.nat(1_000_000), isVerified: fc.boolean(), legacyId: fc.option(legacyId) },
  { noNullPrototype: true }
)

const bookOf = (start: DateTime.Utc, entries: ReadonlyArray<Entry>): AddressBook.AddressBook => {
  let book: AddressBook.AddressBook = []
  let now = start
  for (const [index, { input, gapMillis }] of entries.entries()) {
    now = DateTime.add(now, { milliseconds: gapMillis })
    book = Result.getOrThrow(AddressBook.add(book, input, idAt(index), now))
  }
  return book
}

const imported = (address: AddressBook.Address, { isVerified, legacyId }: Entry): AddressBook.Address =>
  legacyId === null ? { ...address, isVerified } : { ...address, isVerified, legacyId }

/** Address books as they come about by adding: oldest first, at most one default of each kind. */
export const addressBook: fc.Arbitrary<AddressBook.AddressBook> = fc
  .tuple(instant, fc.array(entry, { maxLength: 5 }))
  .map(([start, entries]) => Array.zipWith(bookOf(start, entries), entries, imported))
