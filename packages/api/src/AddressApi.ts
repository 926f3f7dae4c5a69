import { AddressBook } from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { success } from "./Envelope.ts"
import { bodyFailures, customerFailures, failure } from "./Failure.ts"
import { addressPath, ConditionalRead, ConditionalWrite, customerPath, KeyedWrite } from "./requestParts.ts"

const Address = AddressBook.Address.annotate({ identifier: "Address" })

export const CreateAddress = AddressBook.NewAddress.annotate({ identifier: "CreateAddress" })

export const UpdateAddress = AddressBook.AddressChanges.annotate({ identifier: "UpdateAddress" })

export const AddressAnswer = success("AddressAnswer", { address: Address })
export const AddressesAnswer = success("AddressesAnswer", { addresses: Schema.Array(Address) })

const addressFailures = [...customerFailures, failure("VALIDATION_FAILED"), failure("ADDRESS_NOT_FOUND")]

const list = HttpApiEndpoint.get("listAddresses", "/v1/customers/:customerId/addresses", {
  params: customerPath,
  headers: ConditionalRead,
  success: [AddressesAnswer, HttpApiSchema.Empty(304)],
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({ summary: "List addresses", description: "The whole address book, oldest first." })
  )

const add = HttpApiEndpoint.post("addAddress", "/v1/customers/:customerId/addresses", {
  params: customerPath,
  headers: { ...KeyedWrite, ...ConditionalWrite },
  payload: CreateAddress,
  success: AddressAnswer.pipe(HttpApiSchema.status(201)),
  error: [
    ...customerFailures,
    ...bodyFailures,
    failure("ADDRESS_LIMIT_EXCEEDED"),
    failure("VERSION_CONFLICT"),
    failure("IDEMPOTENCY_KEY_REUSED")
  ]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Add an address",
      description: "The first address of a kind becomes its default. `both` counts for shipping and for billing."
    })
  )

const get = HttpApiEndpoint.get("getAddress", "/v1/customers/:customerId/addresses/:addressId", {
  params: addressPath,
  headers: ConditionalRead,
  success: [AddressAnswer, HttpApiSchema.Empty(304)],
  error: addressFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(OpenApi.annotations({ summary: "Get an address", description: "One address of the book." }))

const change = HttpApiEndpoint.put("updateAddress", "/v1/customers/:customerId/addresses/:addressId", {
  params: addressPath,
  headers: ConditionalWrite,
  payload: UpdateAddress,
  success: AddressAnswer,
  error: [...addressFailures, ...bodyFailures, failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Update an address",
      description: "Merges field by field: an absent field stays, `null` clears an optional one."
    })
  )

const remove = HttpApiEndpoint.delete("removeAddress", "/v1/customers/:customerId/addresses/:addressId", {
  params: addressPath,
  headers: ConditionalWrite,
  success: AddressesAnswer,
  error: [...addressFailures, failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Remove an address",
      description: "Answers the addresses that are left: a default passes its flag to the newest other of its kind."
    })
  )

/** The address books of customers. */
export class AddressApi extends HttpApiGroup.make("addresses", { topLevel: true })
  .add(list, add, get, change, remove)
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ title: "Addresses", description: "A customer's address book." })) {}
