import { describe, expect, test } from "vitest"
import {
  addAddress,
  addressesIn,
  addressIn,
  createCustomer,
  customerIn,
  type Known,
  someAddress
} from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken } from "./support/tokens.ts"

const { service } = await openScene()
const token = await serviceToken()

const change = (customer: Known, firstName: string, ifMatch?: string) =>
  service.send("PUT", customer.path, {
    token,
    body: { profile: { firstName } },
    ...(ifMatch === undefined ? {} : { headers: { "if-match": ifMatch } })
  })

/** A customer at version 3. */
const changedTwice = async (): Promise<Known> => {
  const customer = await createCustomer(service)
  await change(customer, "Jane")
  await change(customer, "Joan")
  return customer
}

describe("the entity tag", () => {
  test("is the version in quotes, in every answer about one customer", async () => {
    const created = await service.send("POST", "/v1/customers", { token, body: { email: newEmail() } })
    expect(created.headers.get("etag")).toBe('"1"')
    const path = `/v1/customers/${customerIn(created).id}`
    const send = (method: string, place: string, body?: unknown) => service.send(method, path + place, { token, body })
    const added = await send("POST", "/addresses", someAddress)
    const address = `/addresses/${addressIn(added).id}`
    const answers = [
      added,
      await send("PUT", "", { profile: { firstName: "Jane" } }),
      await send("GET", ""),
      await send("GET", "/addresses"),
      await send("GET", address),
      await send("PUT", address, { city: "Albany" }),
      await send("DELETE", address),
      await send("DELETE", "")
    ]
    const tags = answers.map(({ headers }) => headers.get("etag"))
    expect(tags).toEqual(['"2"', '"3"', '"3"', '"3"', '"3"', '"4"', '"5"', '"6"'])
  })

  test("stays where a write changes nothing", async () => {
    const customer = await changedTwice()
    const again = await change(customer, "Joan")
    expect([again.status, again.headers.get("etag")]).toEqual([200, '"3"'])
    expect(customerIn(await service.send("PUT", customer.path, { token, body: {} })).version).toBe(3)
  })
})

describe("If-None-Match", async () => {
  const customer = await changedTwice()
  const address = await addAddress(service, customer)
  const paths = ["", "/addresses", `/addresses/${address.id}`].map((place) => customer.path + place)

  test.for(['"4"', 'W/"4"', '"1", "4"', '"9",W/"4" , "x"', "*"])("%s is answered 304 without a body", async (tag) => {
    for (const path of paths) {
      for (const asker of [token, customer.token]) {
        const answer = await service.send("GET", path, { token: asker, headers: { "if-none-match": tag } })
        expect([path, answer.status, answer.text]).toEqual([path, 304, ""])
        expect(answer.headers.get("etag")).toBe('"4"')
        expect(answer.headers.get("cache-control")).toBe("private, no-cache")
        expect(answer.headers.get("vary")).toBe("Authorization")
      }
    }
  })

  test.for(['"3"', "4", '"44"', '"4', "", '"x"', 'W/"3"'])("%j is answered with what is there", async (tag) => {
    for (const path of paths) {
      const answer = await service.send("GET", path, { token, headers: { "if-none-match": tag } })
      expect([path, answer.status]).toEqual([path, 200])
    }
  })

  test("tells nobody that another customer is there", async () => {
    const stranger = await createCustomer(service)
    const answer = await service.send("GET", customer.path, {
      token: stranger.token,
      headers: { "if-none-match": "*" }
    })
    expect(refusalIn(answer)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  })
})

describe("If-Match", () => {
  test.for(['"3"', "*", '"1", "3"', '"3","9"', ' "3" '])("%j lets the change of version 3 through", async (tag) => {
    const answer = await change(await changedTwice(), "Jill", tag)
    expect([answer.status, answer.headers.get("etag")]).toEqual([200, '"4"'])
  })

  test.for(['"2"', '"4"', 'W/"3"', "3", '"03"', '"x"', '"1", "2"', "", '"99999999999999999999"'])(
    "%j is answered 412 with the current version, and nothing changes",
    async (tag) => {
      const customer = await changedTwice()
      const answer = await change(customer, "Jill", tag)
      expect(refusalIn(answer)).toEqual(refusal(412, "VERSION_CONFLICT", "version"))
      expect(answer.headers.get("etag")).toBe('"3"')
      expect(answer.body).toMatchObject({ error: { details: [{ path: "version", message: "is 3 now" }] } })
      expect(customerIn(await service.send("GET", customer.path, { token }))).toMatchObject({
        version: 3,
        profile: { firstName: "Joan" }
      })
    }
  )

  test("guards every write about a customer", async () => {
    const customer = await changedTwice()
    const address = `${customer.path}/addresses/${(await addAddress(service, customer)).id}`
    const headers = { "if-match": '"3"' }
    const answers = [
      await service.send("DELETE", customer.path, { token, headers }),
      await service.send("POST", `${customer.path}/addresses`, { token, headers, body: someAddress }),
      await service.send("PUT", address, { token, headers, body: { city: "Albany" } }),
      await service.send("DELETE", address, { token, headers })
    ]
    expect(answers.map(({ headers: sent, status }) => [status, sent.get("etag")])).toEqual(
      Array.from({ length: 4 }, () => [412, '"4"'])
    )
    expect(addressesIn(await service.send("GET", `${customer.path}/addresses`, { token }))).toHaveLength(1)
    expect((await service.send("DELETE", address, { token, headers: { "if-match": '"4"' } })).status).toBe(200)
  })

  test("of twenty who read the same version, one writes", async () => {
    const customer = await changedTwice()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => change(customer, `Jane ${index}`, '"3"'))
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 412)])
  })

  test("without it, twenty writes at once all count", async () => {
    const customer = await changedTwice()
    await Promise.all(Array.from({ length: 20 }, (_, index) => change(customer, `Jane ${index}`)))
    expect(customerIn(await service.send("GET", customer.path, { token })).version).toBe(23)
  })
})
