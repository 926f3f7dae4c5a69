import { Email } from "@customer-service/core"
import type { Effect } from "effect"
import type { Calls } from "../../src/index.ts"

const customerId = "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70"
const addressId = "0185b4df-2100-7c55-8e02-d94a7b3c6f18"
const address = { customerId, addressId }
const headers = {}

/** Every operation of the API, called with a request that is in order. */
export const operations: {
  readonly [Name in keyof Calls]: (calls: Calls) => Effect.Effect<unknown, { readonly _tag: string }>
} = {
  createCustomer: (calls) =>
    calls.createCustomer({ headers, payload: { email: Email.Email.make("jane.smith@example.com") } }),
  listCustomers: (calls) => calls.listCustomers({ query: { limit: 10 } }),
  getCustomer: (calls) => calls.getCustomer({ params: { customerId }, headers }),
  updateCustomer: (calls) => calls.updateCustomer({ params: { customerId }, headers, payload: {} }),
  deactivateCustomer: (calls) => calls.deactivateCustomer({ params: { customerId }, headers }),
  listAddresses: (calls) => calls.listAddresses({ params: { customerId }, headers }),
  addAddress: (calls) =>
    calls.addAddress({
      params: { customerId },
      headers,
      payload: { street: "123 Main St", city: "New York", country: "US" }
    }),
  getAddress: (calls) => calls.getAddress({ params: address, headers }),
  updateAddress: (calls) => calls.updateAddress({ params: address, headers, payload: { street2: null } }),
  removeAddress: (calls) => calls.removeAddress({ params: address, headers })
}
