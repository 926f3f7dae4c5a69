import { describe, expect, test } from "vitest"
import { addAddress, addressesIn, createCustomer, customerIn, someAddress } from "./support/customers.ts"
import { refusal, type Refusal, refusalIn } from "./support/refusals.ts"
import type { RequestParts } from "./support/requests.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const token = await serviceToken()
const jane = await createCustomer(service, { profile: { firstName: "Jane" } })
const home = await addAddress(service, jane)

const invalid = (...paths: ReadonlyArray<string>) => refusal(400, "VALIDATION_FAILED", ...paths)

/** Sends what must be refused, and checks that it left no trace. */
const refused = async (method: string, path: string, parts: RequestParts): Promise<Refusal> => {
  const before = await database.contents()
  const answer = await service.send(method, path, { token, ...parts })
  expect(await database.contents()).toEqual(before)
  return refusalIn(answer)
}

const create = (fields: Readonly<Record<string, unknown>>) =>
  refused("POST", "/v1/customers", { body: { email: newEmail(), ...fields } })

const update = (body: unknown) => refused("PUT", jane.path, { body })

describe("a body that is no JSON object", () => {
  test.for(["", "{", '{"email":', "{'email': 'a@example.com'}", '{"email":"a@example.com",}', "\u0000", "NaN"])(
    "%j is refused as not JSON",
    async (body) => {
      const headers = { "content-type": "application/json" }
      expect(await refused("POST", "/v1/customers", { body, headers })).toEqual(invalid(""))
      expect(await refused("PUT", jane.path, { body, headers })).toEqual(invalid(""))
      expect(await refused("POST", `${jane.path}/addresses`, { body, headers })).toEqual(invalid(""))
    }
  )

  test.for(["[]", "null", "true", "7", '"text"'])("%s is refused as another type", async (body) => {
    expect(await refused("POST", "/v1/customers", { body })).toEqual(invalid(""))
    expect(await refused("PUT", jane.path, { body })).toEqual(invalid(""))
    expect(await refused("POST", `${jane.path}/addresses`, { body })).toEqual(invalid(""))
  })

  test("bytes that are not UTF-8 are refused rather than stored as something else", async () => {
    const [before, after] = [`{"email":"${newEmail()}","profile":{"firstName":"Ren`, '"}}'].map((text) =>
      Buffer.from(text)
    )
    const body = Buffer.concat([before ?? Buffer.of(), Buffer.of(0xe9), after ?? Buffer.of()])
    expect(await refused("POST", "/v1/customers", { body })).toEqual(invalid(""))
  })
})

describe("the content type", () => {
  test.for([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    ""
  ])("%j is not taken", async (type) => {
    const parts = { body: JSON.stringify({ email: newEmail() }), headers: { "content-type": type } }
    expect(await refused("POST", "/v1/customers", parts)).toEqual(refusal(415, "UNSUPPORTED_MEDIA_TYPE"))
    expect(await refused("PUT", jane.path, parts)).toEqual(refusal(415, "UNSUPPORTED_MEDIA_TYPE"))
  })

  test.for(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])(
    "%j is taken",
    async (type) => {
      const parts = { token, body: JSON.stringify({ email: newEmail() }), headers: { "content-type": type } }
      expect((await service.send("POST", "/v1/customers", parts)).status).toBe(201)
    }
  )
})

describe("a body over 64 KiB", () => {
  const padded = (bytes: number): string => `{"email":"${newEmail()}"`.padEnd(bytes - 1) + "}"

  test("is refused, also where its length is not announced", async () => {
    const body = padded(65_537)
    expect(await refused("POST", "/v1/customers", { body })).toEqual(refusal(413, "PAYLOAD_TOO_LARGE"))
    const stream = new Blob([body]).stream()
    const response = await fetch(`${service.url}/v1/customers`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: stream,
      duplex: "half"
    })
    expect(response.status).toBe(413)
  })

  test("is refused at once, however long it is", async () => {
    const parts = { body: padded(8_000_000) }
    expect(await refused("PUT", jane.path, parts)).toEqual(refusal(413, "PAYLOAD_TOO_LARGE"))
  })

  test.for(["/v1/%63ustomers", "/v1/customers;x", "/v1/customers/", "/v1/customers?x;y"])(
    "is refused, whatever the body, also at %s",
    async (path) => {
      expect(await refused("POST", path, { body: padded(65_537) })).toEqual(refusal(413, "PAYLOAD_TOO_LARGE"))
      const form = { body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } }
      expect(await refused("POST", path, form)).toEqual(refusal(415, "UNSUPPORTED_MEDIA_TYPE"))
    }
  )

  test("ends where it begins: 64 KiB are taken", async () => {
    expect((await service.send("POST", "/v1/customers", { token, body: padded(65_536) })).status).toBe(201)
  })
})

describe("fields that are not there", () => {
  test("are all named, at every depth", async () => {
    const fields = { nickname: "J", profile: { height: 170 }, preferences: { marketing: { faxOptIn: true } } }
    expect(await create(fields)).toEqual(invalid("nickname", "profile.height", "preferences.marketing.faxOptIn"))
    expect(await update({ email: newEmail(), status: "active" })).toEqual(invalid("email", "status"))
    const address = { ...someAddress, id: home.id, isVerified: true }
    expect(await refused("POST", `${jane.path}/addresses`, { body: address })).toEqual(invalid("id", "isVerified"))
    const changes = { customerId: jane.id, createdAt: "2024-01-01T00:00:00Z" }
    expect(await refused("PUT", `${jane.path}/addresses/${home.id}`, { body: changes })).toEqual(
      invalid("customerId", "createdAt")
    )
  })

  test("are told beside everything else that is wrong", async () => {
    const fields = { email: "nobody", customerType: "robot", profile: { phone: "x" }, extra: 1 }
    const { code, paths, status } = await create(fields)
    expect({ code, status }).toEqual({ code: "VALIDATION_FAILED", status: 400 })
    expect(paths.toSorted()).toEqual(["customerType", "email", "extra", "profile.phone"])
  })

  test("what a new customer or address must have is asked for", async () => {
    expect(await refused("POST", "/v1/customers", { body: {} })).toEqual(invalid("email"))
    expect(await refused("POST", `${jane.path}/addresses`, { body: {} })).toEqual(invalid("street", "city", "country"))
  })
})

describe("an id in the path that is neither a UUID nor 1 to 4294967295", () => {
  const paths = ["0", "-1", "+1", "4294967296", "1.5", "1e3", "007", "abc", `${jane.id}0`, jane.id.replaceAll("-", "")]
  const odd = ["%00", "%zz", "%ff", "%27%20OR%201%3D1--", "..%2f..%2fhealth%2flive", "9".repeat(300), "🙂"]

  test.for([...paths, ...odd])("%s is refused", async (id) => {
    const expected = refusal(400, "INVALID_CUSTOMER_ID", "customerId")
    expect(await refused("GET", `/v1/customers/${id}`, {})).toEqual(expected)
    expect(await refused("PUT", `/v1/customers/${id}`, { body: {} })).toEqual(expected)
    expect(await refused("DELETE", `/v1/customers/${id}`, {})).toEqual(expected)
    expect(await refused("GET", `/v1/customers/${id}/addresses`, {})).toEqual(expected)
    expect(await refused("POST", `/v1/customers/${id}/addresses`, { body: someAddress })).toEqual(expected)
    expect(await refused("DELETE", `/v1/customers/${id}/addresses/${home.id}`, {})).toEqual(expected)
  })

  test.for(["1", "4294967295", "01a20df1-0000-7000-8000-000000000000"])("%s is an id of nobody", async (id) => {
    expect(await refused("GET", `/v1/customers/${id}`, {})).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  })

  test.for(["1", "abc", `${home.id}x`, "%zz", "9".repeat(300)])("address %s is refused", async (id) => {
    expect(await refused("GET", `${jane.path}/addresses/${id}`, {})).toEqual(invalid("addressId"))
    expect(await refused("PUT", `${jane.path}/addresses/${id}`, { body: {} })).toEqual(invalid("addressId"))
  })
})

describe("addresses", () => {
  test("an 11th is refused, also where two race for the 10th place", async () => {
    const customer = await createCustomer(service)
    for (let count = 0; count < 9; count += 1) await addAddress(service, customer)
    const parts = { token: customer.token, body: someAddress }
    const racers = await Promise.all(
      Array.from({ length: 6 }, () => service.send("POST", `${customer.path}/addresses`, parts))
    )
    expect(racers.map(({ status }) => status).toSorted()).toEqual([201, 400, 400, 400, 400, 400])
    expect(await refused("POST", `${customer.path}/addresses`, parts)).toEqual(refusal(400, "ADDRESS_LIMIT_EXCEEDED"))
  })

  test("racing for the default, one gets it", async () => {
    const customer = await createCustomer(service)
    const body = { ...someAddress, type: "both", isDefault: true }
    const racers = await Promise.all(
      Array.from({ length: 8 }, () =>
        service.send("POST", `${customer.path}/addresses`, { token: customer.token, body })
      )
    )
    expect(racers.every(({ status }) => status === 201)).toBe(true)
    const book = addressesIn(await service.send("GET", `${customer.path}/addresses`, { token }))
    expect(book.filter(({ isDefault }) => isDefault)).toHaveLength(1)
  })
})

test("an email that somebody has is refused, in whatever capitals, also in a race", async () => {
  const email = newEmail()
  const spellings = [email, email.toUpperCase(), ` ${email} `, email.replace("someone", "SomeOne")]
  const answers = await Promise.all(
    spellings.map((spelling) => service.send("POST", "/v1/customers", { token, body: { email: spelling } }))
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  expect(await create({ email: email.toUpperCase() })).toEqual(refusal(409, "EMAIL_ALREADY_EXISTS", "email"))
})

test("a closed account can neither be changed nor closed again", async () => {
  const { path } = await createCustomer(service)
  const staff = await staffToken()
  const closed = customerIn(await service.send("DELETE", path, { token: staff }))
  const missing = refusal(404, "CUSTOMER_NOT_FOUND")
  expect(await refused("PUT", path, { token: staff, body: { profile: { firstName: "Eve" } } })).toEqual(missing)
  expect(await refused("DELETE", path, { token: staff })).toEqual(missing)
  expect(await refused("POST", `${path}/addresses`, { token: staff, body: someAddress })).toEqual(missing)
  expect(customerIn(await service.send("GET", path, { token: staff }))).toEqual(closed)
})
