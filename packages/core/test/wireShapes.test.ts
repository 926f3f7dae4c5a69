import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime, Equal, Result, Schema } from "effect"
import { Address, AddressChanges, NewAddress } from "../src/customer/AddressBook.ts"
import { Customer, CustomerChanges, CustomerDocument, NewCustomer } from "../src/customer/Customer.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import {
  AddressBookChanged,
  CustomerDeactivated,
  CustomerEvent,
  CustomerProfileUpdated
} from "../src/customer/CustomerEvent.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import { formatCursor, parseCursor } from "../src/customer/CustomerQuery.ts"
import { Preferences, PreferencesChanges } from "../src/customer/Preferences.ts"
import { Profile, ProfileChanges } from "../src/customer/Profile.ts"
import { Standing } from "../src/customer/Standing.ts"
import { Arbitraries, circumstances } from "../src/testing/index.ts"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"

const { customer } = Arbitraries

/** Holds that a value comes back the same after it went over the wire as JSON. */
const comesBack = <S extends Schema.Codec<unknown, unknown>>(
  name: string,
  schema: S,
  values: fc.Arbitrary<S["Type"]>
) => {
  const encode = Schema.encodeSync(schema)
  const decode = Schema.decodeUnknownSync(schema, { onExcessProperty: "error" })
  it.prop([values])(name, (value) => {
    const wire: unknown = JSON.parse(JSON.stringify(encode(value)))
    const back = decode(wire)
    assert.isTrue(Equal.equals(back, value))
    assert.deepStrictEqual(encode(back), wire)
  })
}

const address = Arbitraries.addressBook.filter((book) => book.length > 0).map((book) => book[0] as Address)

const createdEvent = fc.tuple(Arbitraries.newCustomer, customer).map(([input, { id }]) => {
  const change = Decisions.register(
    input,
    id,
    CustomerPolicy.defaultValue(),
    circumstances(),
    StandingPolicy.defaultValue()
  )
  return Result.getOrThrow(change).events[0] as CustomerEvent
})

const profileEvent = customer.map(
  ({ id, version, profile, preferences, updatedAt }) =>
    new CustomerProfileUpdated({ customerId: id, version, changed: ["profile.phone"], profile, preferences, updatedAt })
)

const addressEvent = customer.map(
  ({ id, version, addresses, updatedAt }) => new AddressBookChanged({ customerId: id, version, addresses, updatedAt })
)

const deactivatedEvent = customer.map(
  ({ id, version, updatedAt }) => new CustomerDeactivated({ customerId: id, version, deactivatedAt: updatedAt })
)

describe("decoding what was encoded gives the same", () => {
  comesBack("customer", Customer, customer)
  comesBack(
    "customer document",
    CustomerDocument,
    customer.map(({ addresses: _addresses, ...document }) => document)
  )
  comesBack("new customer", NewCustomer, Arbitraries.newCustomer)
  comesBack("changes to a customer", CustomerChanges, Arbitraries.customerChanges)
  comesBack("profile", Profile, Arbitraries.profile)
  comesBack("changes to a profile", ProfileChanges, Arbitraries.profileChanges)
  comesBack("preferences", Preferences, Arbitraries.preferences)
  comesBack("changes to preferences", PreferencesChanges, Arbitraries.preferencesChanges)
  comesBack("standing", Standing, Arbitraries.standing)
  comesBack("address", Address, address)
  comesBack("new address", NewAddress, Arbitraries.newAddress)
  comesBack("changes to an address", AddressChanges, Arbitraries.addressChanges)
  comesBack("CustomerCreated", CustomerEvent, createdEvent)
  comesBack("CustomerProfileUpdated", CustomerEvent, profileEvent)
  comesBack("AddressBookChanged", CustomerEvent, addressEvent)
  comesBack("CustomerDeactivated", CustomerEvent, deactivatedEvent)

  it.prop([Arbitraries.instant, customer])("cursor", (createdAt, { id }) => {
    const text = formatCursor({ createdAt, id })
    assert.match(text, /^[A-Za-z0-9_-]+$/)
    assert.isTrue(Equal.equals(parseCursor(text), { createdAt, id }))
  })
})

describe("a cursor that nobody was given", () => {
  it.prop([fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.base64String())])("is undefined", (text) => {
    assert.isUndefined(parseCursor(text))
  })

  it.each([-1, 253_402_300_800_000, 8_640_000_000_000_001])("is undefined for the moment %d", (epochMilliseconds) => {
    const id = "0190b5d0-0000-7000-8000-000000000000"
    const text = Buffer.from(JSON.stringify([epochMilliseconds, id])).toString("base64url")
    assert.isUndefined(parseCursor(text))
  })

  it("is undefined where its id is SQL", () => {
    const text = Buffer.from(JSON.stringify([DateTime.nowUnsafe().epochMilliseconds, "' OR 1=1 --"])).toString(
      "base64url"
    )
    assert.isUndefined(parseCursor(text))
  })
})
