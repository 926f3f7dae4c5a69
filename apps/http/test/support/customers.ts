import { expect } from "vitest"
import type { Answer } from "./requests.ts"
import { newEmail } from "./scene.ts"
import type { Service } from "./service.ts"
import { customerToken, serviceToken } from "./tokens.ts"

/** A customer as the API shows her, as far as the tests look at her. */
export interface CustomerView {
  readonly id: string
  readonly email: string
  readonly status: string
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly profile: Readonly<Record<string, unknown>>
  readonly preferences: Readonly<Record<string, unknown>>
  readonly segment: Readonly<Record<string, unknown>>
}

/** An address as the API shows it, as far as the tests look at it. */
export interface AddressView {
  readonly id: string
  readonly type: string
  readonly isDefault: boolean
  readonly street: string
}

/** The customer in an answer. */
export const customerIn = (answer: Answer): CustomerView => {
  expect(answer.body).toMatchObject({ success: true, data: { customer: { id: expect.any(String) } } })
  return (answer.body as { data: { customer: CustomerView } }).data.customer
}

/** The customers in an answer. */
export const customersIn = (answer: Answer): ReadonlyArray<CustomerView> => {
  expect(answer.body).toMatchObject({ success: true, data: { customers: expect.any(Array) } })
  return (answer.body as { data: { customers: ReadonlyArray<CustomerView> } }).data.customers
}

/** The address in an answer. */
export const addressIn = (answer: Answer): AddressView => {
  expect(answer.body).toMatchObject({ success: true, data: { address: { id: expect.any(String) } } })
  return (answer.body as { data: { address: AddressView } }).data.address
}

/** The addresses in an answer. */
export const addressesIn = (answer: Answer): ReadonlyArray<AddressView> => {
  expect(answer.body).toMatchObject({ success: true, data: { addresses: expect.any(Array) } })
  return (answer.body as { data: { addresses: ReadonlyArray<AddressView> } }).data.addresses
}

/** A customer who exists, where she is found, and her own token. */
export interface Known {
  readonly id: string
  readonly email: string
  readonly path: string
  readonly token: string
}

/** Creates a customer as a service would. */
export const createCustomer = async (
  service: Service,
  fields: Readonly<Record<string, unknown>> = {}
): Promise<Known> => {
  const token = await serviceToken()
  const answer = await service.send("POST", "/v1/customers", { token, body: { email: newEmail(), ...fields } })
  const { email, id } = customerIn(answer)
  return { id, email, path: `/v1/customers/${id}`, token: await customerToken(id) }
}

/** An address that is good everywhere. */
export const someAddress = { street: "123 Main St", city: "New York", state: "NY", zipCode: "10001", country: "US" }

/** Adds an address to a customer's book. */
export const addAddress = async (
  service: Service,
  customer: Known,
  fields: Readonly<Record<string, unknown>> = {}
): Promise<AddressView> =>
  addressIn(
    await service.send("POST", `${customer.path}/addresses`, {
      token: customer.token,
      body: { ...someAddress, ...fields }
    })
  )
