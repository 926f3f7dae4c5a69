import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { type Caller, httpCaller, typedCaller } from "./support/callers.ts"
import { missingKeys } from "./support/missingKeys.ts"
import { openScene } from "./support/scene.ts"
import { startProcess } from "./support/serviceProcess.ts"
import {
  addressBody,
  addressesAnswer,
  createBody,
  customerAnswer,
  updateBody
} from "./support/specificationExamples.ts"
import { staffToken } from "./support/tokens.ts"

interface CustomerAnswer {
  readonly data: { readonly customer: { readonly id: string } }
}

interface AddressAnswer {
  readonly data: { readonly address: { readonly id: string } }
}

const idOf = (answer: unknown): string => (answer as CustomerAnswer).data.customer.id

const addressIdOf = (answer: unknown): string => (answer as AddressAnswer).data.address.id

const embeddedService = async () => {
  const directory = await mkdtemp(join(tmpdir(), "customer-service-embedded-"))
  const service = await startProcess({ DATA_DIR: directory })
  afterAll(async () => {
    await service.stop()
    await rm(directory, { recursive: true })
  })
  return service
}

const { service } = await openScene()
const embedded = await embeddedService()
const token = await staffToken()

const callers: ReadonlyArray<readonly [string, Caller]> = [
  ["PostgreSQL and Redis", httpCaller(service.url, token)],
  ["the embedded default", httpCaller(embedded.url, token)],
  ["PostgreSQL and Redis, through the typed client", await typedCaller(service.url, token)],
  ["the embedded default, through the typed client", await typedCaller(embedded.url, token)]
]

const { email, preferences, profile } = customerAnswer.data.customer

/** The specification's John, whose own example shows all that a caller can give. */
const createJohn = async (caller: Caller, spelling: string): Promise<string> =>
  idOf(await caller.createCustomer(JSON.stringify({ email: spelling, profile, preferences })))

describe.for(callers)("the specification's examples on %s", ([place, caller]) => {
  const own = (address: string) => address.replace("@", `+${callers.findIndex(([name]) => name === place)}@`)

  test("POST /v1/customers creates the customer that was sent", async () => {
    const sent = JSON.parse(createBody)
    const answer = await caller.createCustomer(createBody.replace(sent.email, own(sent.email)))
    const { email: _email, password: _password, ...visible } = sent
    expect(answer).toMatchObject({ success: true, data: { customer: { ...visible, email: own(sent.email) } } })
    expect(JSON.stringify(answer)).not.toContain(sent.password)
  })

  test("GET /v1/customers/{id} has every key of the example, and the values that were given", async () => {
    const id = await createJohn(caller, own(email))
    const answer = await caller.getCustomer(id)
    const { lastLoginAt: _notYet, ...shown } = customerAnswer.data.customer
    expect(missingKeys({ ...customerAnswer, data: { customer: shown } }, answer)).toEqual([])
    expect(answer).toMatchObject({ success: true, data: { customer: { id, email: own(email), profile, preferences } } })
  })

  test("PUT /v1/customers/{id} merges the example into what was there", async () => {
    const id = await createJohn(caller, own(`second.${email}`))
    const answer = await caller.updateCustomer(id, updateBody)
    const sent = JSON.parse(updateBody)
    const marketing = { ...preferences.marketing, ...sent.preferences.marketing }
    const merged = {
      profile: { ...profile, ...sent.profile },
      preferences: { ...preferences, ...sent.preferences, marketing }
    }
    expect(answer).toMatchObject({ success: true, data: { customer: { id, ...merged } } })
    expect(await caller.getCustomer(id)).toEqual(answer)
  })

  test("DELETE /v1/customers/{id} deactivates the customer", async () => {
    const id = await createJohn(caller, own(`third.${email}`))
    expect(await caller.deactivateCustomer(id)).toMatchObject({ data: { customer: { id, status: "inactive" } } })
  })

  test("the address book holds the example's addresses", async () => {
    const id = await createJohn(caller, own(`fourth.${email}`))
    for (const index of [0, 1] as const) {
      const answer = await caller.addAddress(id, JSON.stringify(addressBody(index)))
      expect(answer).toMatchObject({ success: true, data: { address: addressBody(index) } })
    }
    const answer = await caller.listAddresses(id)
    expect(missingKeys(addressesAnswer, answer)).toEqual([])
    expect(answer).toMatchObject({ success: true, data: { addresses: [addressBody(0), addressBody(1)] } })
  })

  test("PUT and DELETE of an address change and remove it", async () => {
    const id = await createJohn(caller, own(`fifth.${email}`))
    const shipping = addressIdOf(await caller.addAddress(id, JSON.stringify(addressBody(0))))
    const billing = addressIdOf(await caller.addAddress(id, JSON.stringify(addressBody(1))))
    const changed = await caller.updateAddress(id, shipping, `{"street2": null, "city": "Albany"}`)
    const { street2: _removed, ...kept } = addressBody(0)
    expect(changed).toMatchObject({ success: true, data: { address: { ...kept, id: shipping, city: "Albany" } } })
    expect(changed).not.toHaveProperty("data.address.street2")
    const left = await caller.removeAddress(id, shipping)
    expect(left).toMatchObject({ success: true, data: { addresses: [{ id: billing }] } })
    expect(await caller.listAddresses(id)).toEqual(left)
  })
})
