import { type DateTime, Result, Schema } from "effect"
import { CountryCode, isPostalCodeOf } from "../value/Country.ts"
import { Instant } from "../value/Instant.ts"
import { PhoneNumber } from "../value/PhoneNumber.ts"
import { RequiredText, Text } from "../value/Text.ts"
import { AddressId, LegacyId } from "./CustomerId.ts"
import { InvalidInput } from "./CustomerErrors.ts"

const AddressType = Schema.Literals(["shipping", "billing", "both"]).annotate({
  description: "What the address serves; shipping if not said."
})
type AddressType = typeof AddressType.Type
type Kind = "shipping" | "billing"

const lines = {
  firstName: Text(100),
  lastName: Text(100),
  company: Text(255),
  street2: Text(255),
  state: Text(100),
  zipCode: Text(20),
  phone: PhoneNumber
}

const optionalLines = {
  firstName: Schema.optionalKey(lines.firstName),
  lastName: Schema.optionalKey(lines.lastName),
  company: Schema.optionalKey(lines.company),
  street2: Schema.optionalKey(lines.street2),
  state: Schema.optionalKey(lines.state),
  zipCode: Schema.optionalKey(lines.zipCode),
  phone: Schema.optionalKey(lines.phone)
}

/** One address of a customer. `isDefault` of a `both` address counts for shipping and for billing. */
export const Address = Schema.Struct({
  id: AddressId,
  legacyId: Schema.optionalKey(LegacyId),
  type: AddressType,
  isDefault: Schema.Boolean,
  isVerified: Schema.Boolean,
  ...optionalLines,
  street: RequiredText(255),
  city: RequiredText(100),
  country: CountryCode,
  createdAt: Instant,
  updatedAt: Instant
})
export type Address = typeof Address.Type

/** A customer's addresses, oldest first. */
export type AddressBook = ReadonlyArray<Address>

/** An address to add. */
export const NewAddress = Schema.Struct({
  type: Schema.optionalKey(AddressType),
  isDefault: Schema.optionalKey(Schema.Boolean),
  ...optionalLines,
  street: RequiredText(255),
  city: RequiredText(100),
  country: CountryCode
})
export type NewAddress = typeof NewAddress.Type

/** Changes to an address: an absent field stays, `null` clears an optional one. */
export const AddressChanges = Schema.Struct({
  type: Schema.optionalKey(AddressType),
  isDefault: Schema.optionalKey(Schema.Boolean),
  firstName: Schema.optionalKey(Schema.NullOr(lines.firstName)),
  lastName: Schema.optionalKey(Schema.NullOr(lines.lastName)),
  company: Schema.optionalKey(Schema.NullOr(lines.company)),
  street: Schema.optionalKey(RequiredText(255)),
  street2: Schema.optionalKey(Schema.NullOr(lines.street2)),
  city: Schema.optionalKey(RequiredText(100)),
  state: Schema.optionalKey(Schema.NullOr(lines.state)),
  zipCode: Schema.optionalKey(Schema.NullOr(lines.zipCode)),
  country: Schema.optionalKey(CountryCode),
  phone: Schema.optionalKey(Schema.NullOr(lines.phone))
})
export type AddressChanges = typeof AddressChanges.Type

const covers = (address: { readonly type: AddressType }, kind: Kind): boolean =>
  address.type === "both" || address.type === kind

const kindsOf = (address: Address): ReadonlyArray<Kind> =>
  (["shipping", "billing"] as const).filter((k) => covers(address, k))

/** The default address of a kind; undefined where there is none. */
export const defaultOf = (book: AddressBook, kind: Kind): Address | undefined =>
  book.find((address) => address.isDefault && covers(address, kind))

const flag = (book: AddressBook, id: AddressId, isDefault: boolean, now: DateTime.Utc): AddressBook =>
  book.map((address) =>
    address.id === id && address.isDefault !== isDefault ? { ...address, isDefault, updatedAt: now } : address
  )

/** Takes the flag from every other default that serves a kind `favoured` serves. */
const displaceOthers = (book: AddressBook, favoured: Address, now: DateTime.Utc): AddressBook =>
  book
    .filter(
      (other) => other.id !== favoured.id && other.isDefault && kindsOf(favoured).some((kind) => covers(other, kind))
    )
    .reduce((changed, other) => flag(changed, other.id, false, now), book)

/**
 * Gives each kind that had a default before and has none now to its newest other address. One that would
 * take the default of the other kind away is passed over: nobody asked for that.
 */
const passOn = (
  before: AddressBook,
  book: AddressBook,
  leaving: AddressId | undefined,
  now: DateTime.Utc
): AddressBook =>
  (["shipping", "billing"] as const).reduce((current, kind) => {
    if (defaultOf(before, kind) === undefined || defaultOf(current, kind) !== undefined) return current
    const heir = current.findLast(
      (address) =>
        address.id !== leaving &&
        covers(address, kind) &&
        kindsOf(address).every((served) => defaultOf(current, served) === undefined)
    )
    return heir === undefined ? current : flag(current, heir.id, true, now)
  }, book)

const checkPostalCode = (address: Address): Result.Result<Address, InvalidInput> =>
  address.zipCode === undefined || address.zipCode === "" || isPostalCodeOf(address.country, address.zipCode)
    ? Result.succeed(address)
    : Result.fail(
        new InvalidInput({ issues: [{ path: "zipCode", message: `must be a postal code of ${address.country}` }] })
      )

/**
 * Adds an address. It becomes the default where it asks to be, or where no kind it serves has one yet.
 * Fails with `InvalidInput` where the postal code is not of its country.
 */
export const add = (
  book: AddressBook,
  input: NewAddress,
  id: AddressId,
  now: DateTime.Utc
): Result.Result<AddressBook, InvalidInput> => {
  const { type = "shipping", isDefault = false, ...fields } = input
  const plain: Address = { ...fields, id, type, isDefault, isVerified: false, createdAt: now, updatedAt: now }
  const first = kindsOf(plain).every((kind) => defaultOf(book, kind) === undefined)
  const address = { ...plain, isDefault: isDefault || first }
  return Result.map(checkPostalCode(address), () => {
    const added = [...book, address]
    return address.isDefault ? passOn(book, displaceOthers(added, address, now), undefined, now) : added
  })
}

const applyChanges = (address: Address, changes: AddressChanges): Address =>
  Object.fromEntries(Object.entries({ ...address, ...changes }).filter(([, value]) => value !== null)) as never

const sameFields = (one: Address, other: Address): boolean =>
  Object.keys({ ...one, ...other }).every((key) => one[key as keyof Address] === other[key as keyof Address])

/**
 * Changes an address of the book. A default whose type changes, or that is told to be one no longer, passes
 * the flag to the newest other address of its kind. Fails with `InvalidInput` where a changed postal code is
 * not of its country. The same book comes back where nothing changes.
 */
export const change = (
  book: AddressBook,
  current: Address,
  changes: AddressChanges,
  now: DateTime.Utc
): Result.Result<AddressBook, InvalidInput> => {
  const moved = changes.type !== undefined && changes.type !== current.type
  const others = book.filter((address) => address.id !== current.id)
  const merged = applyChanges(current, changes)
  const first = kindsOf(merged).every((kind) => defaultOf(others, kind) === undefined)
  const isDefault = changes.isDefault ?? (moved ? first : current.isDefault)
  const wanted = { ...merged, isDefault }
  if (sameFields(wanted, current)) return Result.succeed(book)
  const changed = { ...wanted, updatedAt: now }
  const postalCodeTouched = changes.zipCode !== undefined || changes.country !== undefined
  return Result.map(postalCodeTouched ? checkPostalCode(changed) : Result.succeed(changed), () => {
    const replaced = book.map((address) => (address.id === current.id ? changed : address))
    const settled = isDefault ? displaceOthers(replaced, changed, now) : replaced
    return passOn(book, settled, current.id, now)
  })
}

/** Takes an address out of the book; its flag passes to the newest other address of its kind. */
export const remove = (book: AddressBook, id: AddressId, now: DateTime.Utc): AddressBook =>
  passOn(
    book,
    book.filter((address) => address.id !== id),
    undefined,
    now
  )
