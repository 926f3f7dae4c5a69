import { Customer } from "@customer-service/core"
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
const encode = Schema.encodeSync(Customer, { disableChecks: true })

/** The customer that a row holds. */
export const customerOf = ({ root, name, profile, ...parts }: CustomerRow): Customer =>
  decode({ ...root, ...parts, profile: { ...name, ...profile } })

/** The customer in the JSON form that `saveCustomers.ts` reads, with her phone numbers in E.164 beside them. */
export const rowOf = (customer: Customer) => {
  const { addresses, ...encoded } = encode(customer)
  return {
    customer: { ...encoded, phoneE164: phoneE164(customer.profile.phone) },
    addresses: addresses.map((address) => ({ ...address, phoneE164: phoneE164(address.phone, address.country) }))
  }
}
