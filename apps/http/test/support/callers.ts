import {
  CreateAddress,
  CreateCustomer,
  CustomerServiceClient,
  UpdateAddress,
  UpdateCustomer
} from "@customer-service/api"
import { AddressBook, CustomerDocument } from "@customer-service/core"
import { Effect, Redacted, Schema } from "effect"
import { send } from "./requests.ts"

/** The API's operations as one kind of caller reaches them: JSON text in, the envelope out. */
export interface Caller {
  readonly createCustomer: (body: string) => Promise<unknown>
  readonly getCustomer: (id: string) => Promise<unknown>
  readonly updateCustomer: (id: string, body: string) => Promise<unknown>
  readonly deactivateCustomer: (id: string) => Promise<unknown>
  readonly listAddresses: (id: string) => Promise<unknown>
  readonly addAddress: (id: string, body: string) => Promise<unknown>
  readonly updateAddress: (id: string, addressId: string, body: string) => Promise<unknown>
  readonly removeAddress: (id: string, addressId: string) => Promise<unknown>
}

/** Plain requests. */
export const httpCaller = (url: string, token: string): Caller => {
  const ask = async (method: string, path: string, body?: string) =>
    (await send(url, method, `/v1/customers${path}`, { token, body })).body
  return {
    createCustomer: (body) => ask("POST", "", body),
    getCustomer: (id) => ask("GET", `/${id}`),
    updateCustomer: (id, body) => ask("PUT", `/${id}`, body),
    deactivateCustomer: (id) => ask("DELETE", `/${id}`),
    listAddresses: (id) => ask("GET", `/${id}/addresses`),
    addAddress: (id, body) => ask("POST", `/${id}/addresses`, body),
    updateAddress: (id, addressId, body) => ask("PUT", `/${id}/addresses/${addressId}`, body),
    removeAddress: (id, addressId) => ask("DELETE", `/${id}/addresses/${addressId}`)
  }
}

const makeClient = (url: string, token: string) =>
  Effect.provide(CustomerServiceClient, CustomerServiceClient.layerFetch({ baseUrl: url, token: Redacted.make(token) }))

const given = <S extends Schema.ConstraintCodec<unknown, unknown>>(schema: S, body: string): S["Type"] =>
  Schema.decodeUnknownSync(schema)(JSON.parse(body))

interface CustomerData {
  readonly customer: typeof CustomerDocument.Type
}

interface AddressData {
  readonly address: AddressBook.Address
}

interface AddressesData {
  readonly addresses: AddressBook.AddressBook
}

/** What the client decoded; nothing where it was told that nothing has changed, which nobody here asks for. */
const present = <A>(data: A | void): A => {
  if (data === undefined) throw new Error("Answered 304 to a caller who named no version")
  return data as A
}

const customerAnswer = ({ customer }: CustomerData) => ({
  success: true,
  data: { customer: Schema.encodeSync(CustomerDocument)(customer) }
})

const addressAnswer = ({ address }: AddressData) => ({
  success: true,
  data: { address: Schema.encodeSync(AddressBook.Address)(address) }
})

const addressesAnswer = ({ addresses }: AddressesData) => ({
  success: true,
  data: { addresses: Schema.encodeSync(Schema.Array(AddressBook.Address))(addresses) }
})

/** The typed client; what it decoded is put back into the envelope, to compare it with the rest. */
export const typedCaller = async (url: string, token: string): Promise<Caller> => {
  const client = await Effect.runPromise(makeClient(url, token))
  const customer = <E>(answer: Effect.Effect<CustomerData | void, E>) =>
    Effect.runPromise(Effect.map(answer, (data) => customerAnswer(present(data))))
  const address = <E>(answer: Effect.Effect<AddressData | void, E>) =>
    Effect.runPromise(Effect.map(answer, (data) => addressAnswer(present(data))))
  const book = <E>(answer: Effect.Effect<AddressesData | void, E>) =>
    Effect.runPromise(Effect.map(answer, (data) => addressesAnswer(present(data))))
  const headers = {}
  return {
    createCustomer: (body) => customer(client.createCustomer({ headers, payload: given(CreateCustomer, body) })),
    getCustomer: (id) => customer(client.getCustomer({ headers, params: { customerId: id } })),
    updateCustomer: (id, body) =>
      customer(client.updateCustomer({ headers, params: { customerId: id }, payload: given(UpdateCustomer, body) })),
    deactivateCustomer: (id) => customer(client.deactivateCustomer({ headers, params: { customerId: id } })),
    listAddresses: (id) => book(client.listAddresses({ headers, params: { customerId: id } })),
    addAddress: (id, body) =>
      address(client.addAddress({ headers, params: { customerId: id }, payload: given(CreateAddress, body) })),
    updateAddress: (id, addressId, body) =>
      address(
        client.updateAddress({
          headers,
          params: { customerId: id, addressId },
          payload: given(UpdateAddress, body)
        })
      ),
    removeAddress: (id, addressId) => book(client.removeAddress({ headers, params: { customerId: id, addressId } }))
  }
}
