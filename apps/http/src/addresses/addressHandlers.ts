import { Api, renderSuccess } from "@customer-service/api"
import {
  AddressBook,
  type AddressId,
  type Customer,
  Customers,
  InvalidInput,
  makeAddressId,
  parseAddressId
} from "@customer-service/core"
import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { answering, versioned } from "../gateway/answers.ts"
import { onceOf, respond } from "../gateway/idempotency.ts"
import { entityTag, expectedVersion } from "../gateway/versions.ts"

const encodeAddress = Schema.encodeSync(AddressBook.Address)
const encodeAddresses = Schema.encodeSync(Schema.Array(AddressBook.Address))

const body = (address: AddressBook.Address): string => renderSuccess("address", JSON.stringify(encodeAddress(address)))

/** The two ids of an address's path, once both are known to be ids. */
const place = Effect.fnUntraced(function* (params: { readonly customerId: string; readonly addressId: string }) {
  const id = yield* Customers.resolve(params.customerId)
  const addressId = parseAddressId(params.addressId)
  if (addressId === undefined) {
    return yield* new InvalidInput({ issues: [{ path: "addressId", message: "must be a UUID" }] })
  }
  return { id, addressId }
})

/** A customer's address that a write has just made sure of. */
const written = (customer: Customer, addressId: AddressId): AddressBook.Address =>
  customer.addresses.find((address) => address.id === addressId) as AddressBook.Address

const created = (addressId: AddressId) => (customer: Customer) => ({
  status: 201,
  headers: {
    location: `/v1/customers/${customer.id}/addresses/${addressId}`,
    etag: entityTag(customer.version)
  },
  body: body(written(customer, addressId))
})

const book = (customer: Customer, ifNoneMatch?: string) =>
  versioned(
    renderSuccess("addresses", JSON.stringify(encodeAddresses(customer.addresses))),
    customer.version,
    ifNoneMatch
  )

/** The endpoints of address books: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "addresses", (handlers) =>
  handlers.handleAll({
    listAddresses: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          const customer = yield* Customers.get(yield* Customers.resolve(params.customerId))
          return book(customer, headers["if-none-match"])
        })
      ),
    addAddress: ({ headers, params, payload, request }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const addressId = yield* makeAddressId
          const answer = created(addressId)
          const once = yield* onceOf(request, headers["idempotency-key"], answer)
          const options = { expectedVersion: expectedVersion(headers["if-match"]), once }
          return respond(answer(yield* Customers.addAddress(id, payload, addressId, options)))
        })
      ),
    getAddress: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          const { addressId, id } = yield* place(params)
          const { address, customer } = yield* Customers.getAddress(id, addressId)
          return versioned(body(address), customer.version, headers["if-none-match"])
        })
      ),
    updateAddress: ({ headers, params, payload }) =>
      answering(
        Effect.gen(function* () {
          const { addressId, id } = yield* place(params)
          const options = { expectedVersion: expectedVersion(headers["if-match"]) }
          const customer = yield* Customers.changeAddress(id, addressId, payload, options)
          return versioned(body(written(customer, addressId)), customer.version)
        })
      ),
    removeAddress: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          const { addressId, id } = yield* place(params)
          const options = { expectedVersion: expectedVersion(headers["if-match"]) }
          return book(yield* Customers.removeAddress(id, addressId, options))
        })
      )
  })
)
