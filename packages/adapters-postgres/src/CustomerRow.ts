import { AddressBook, Customer, CustomerDocument, type CustomerId } from "@customer-service/core"
import { Schema } from "effect"
import { phoneE164 } from "./phoneE164.ts"

/** What the queries of `customerParts.ts` answer for one customer. */
export interface CustomerRow {
  readonly root: object
  readonly name: object
  readonly phoneVerified: boolean
  readonly profile: object
  readonly preferences: object
  readonly segment: object
  readonly addresses: ReadonlyArray<object>
}

// Rows are checked for their structure alone: a rule that was tightened later must not hide old customers.
const decode = Schema.decodeUnknownSync(Customer, { disableChecks: true })
const encodeCustomer = Schema.encodeSync(CustomerDocument, { disableChecks: true })
const encodeAddress = Schema.encodeSync(AddressBook.Address, { disableChecks: true })

/** The customer that a row holds. */
export const customerOf = ({ root, name, profile, ...parts }: CustomerRow): Customer =>
  decode({ ...root, ...parts, profile: { ...name, ...profile } })

/**
 * The customer in the JSON form that `saveCustomers.ts` reads. Telephone numbers have their E.164 form beside them,
 * but for one that is the same as `before`: to parse it costs as much as all the rest.
 */
export const customerRow = (customer: Customer, before: Customer | undefined) => {
  const phone = customer.profile.phone
  const known = before !== undefined && before.profile.phone === phone
  return { ...encodeCustomer(customer), phoneE164: known ? undefined : phoneE164(phone) }
}

/** An address of this customer, in the same form. */
export const addressRow = (address: AddressBook.Address, customerId: CustomerId) => ({
  ...encodeAddress(address),
  customerId,
  phoneE164: phoneE164(address.phone, address.country)
})
