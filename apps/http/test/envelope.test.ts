import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { besideReviews } from "./support/database.ts"
import { addAddress, addressesIn, createCustomer, customerIn } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const token = await serviceToken()
const jane = await createCustomer(service, { profile: { firstName: "Jane" } })
const home = await addAddress(service, jane)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe("a path that leads nowhere", () => {
  const paths = [
    "/",
    "/v1",
    "/v2/customers",
    `${jane.path}/orders`,
    `${jane.path}/addresses/${home.id}/x`,
    "/.env",
    "/docs/../x"
  ]
  const spellings = ["/V1/customers", "/v1/Customers", "//v1/customers", "/v1//customers", `/v1/customers//${jane.id}`]

  test.for([...paths, ...spellings, "/favicon.ico", "/metrics2", "/health", "/openapi.yaml"])(
    "%s is answered 404",
    async (path) => {
      for (const method of ["GET", "POST", "DELETE", "PATCH", "OPTIONS"]) {
        const answer = await service.send(method, path, { token, ...(method === "POST" ? { body: {} } : {}) })
        expect(refusalIn(answer)).toEqual(refusal(404, "NOT_FOUND"))
      }
    }
  )

  test("is answered without a token too, and says nothing of the service's inside", async () => {
    const answer = await service.send("GET", "/v1/nothing")
    expect(refusalIn(answer)).toEqual(refusal(404, "NOT_FOUND"))
    expect(answer.text).not.toMatch(/stack|node_modules|\.ts|effect/i)
  })
})

describe("a method that a path does not take", () => {
  const cases: ReadonlyArray<readonly [string, string, ReadonlyArray<string>]> = [
    ["PUT", "/v1/customers", ["GET", "HEAD", "POST"]],
    ["DELETE", "/v1/customers", ["GET", "HEAD", "POST"]],
    ["PATCH", "/v1/customers", ["GET", "HEAD", "POST"]],
    ["POST", jane.path, ["DELETE", "GET", "HEAD", "PUT"]],
    ["PATCH", jane.path, ["DELETE", "GET", "HEAD", "PUT"]],
    ["OPTIONS", jane.path, ["DELETE", "GET", "HEAD", "PUT"]],
    ["PUT", `${jane.path}/addresses`, ["GET", "HEAD", "POST"]],
    ["POST", `${jane.path}/addresses/${home.id}`, ["DELETE", "GET", "HEAD", "PUT"]],
    ["POST", "/health/live", ["GET", "HEAD"]],
    ["DELETE", "/metrics", ["GET", "HEAD"]],
    ["PUT", "/openapi.json", ["GET", "HEAD"]]
  ]

  test.for(cases)("%s %s is answered 405 with those that it takes", async ([method, path, allowed]) => {
    const body = method === "PUT" || method === "POST" ? {} : undefined
    for (const place of [path, `${path}/`, `${path}?a=b`]) {
      const answer = await service.send(method, place, { token, body })
      expect(refusalIn(answer)).toEqual(refusal(405, "METHOD_NOT_ALLOWED"))
      expect(answer.headers.get("allow")?.split(", ").toSorted()).toEqual(allowed)
    }
  })

  test("a header does not change the method", async () => {
    const headers = { "x-http-method-override": "DELETE", "x-http-method": "DELETE", "x-method-override": "DELETE" }
    expect(customerIn(await service.send("GET", jane.path, { token, headers })).status).toBe("pending")
    expect((await service.send("PUT", jane.path, { token, headers, body: {} })).status).toBe(200)
    expect(customerIn(await service.send("GET", jane.path, { token })).status).toBe("pending")
  })
})

test("HEAD is answered as GET, without the body", async () => {
  const staff = await staffToken()
  for (const path of [jane.path, `${jane.path}/addresses`, "/v1/customers", "/health/live", "/openapi.json"]) {
    const [get, head] = [
      await service.send("GET", path, { token: staff }),
      await service.send("HEAD", path, { token: staff })
    ]
    expect([path, head.status, head.text]).toEqual([path, 200, ""])
    for (const name of ["content-type", "content-length", "etag", "cache-control", "vary"]) {
      expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)])
    }
  }
  expect((await service.send("HEAD", `/v1/customers/${randomUUID()}`, { token })).status).toBe(404)
  expect((await service.send("HEAD", jane.path)).status).toBe(401)
})

describe("the correlation id", () => {
  const everyKindOfAnswer = (id?: string) => {
    const headers = id === undefined ? {} : { "x-correlation-id": id }
    return Promise.all([
      service.send("GET", jane.path, { token, headers }),
      service.send("GET", jane.path, { token, headers: { ...headers, "if-none-match": "*" } }),
      service.send("GET", `/v1/customers/${randomUUID()}`, { token, headers }),
      service.send("GET", jane.path, { headers }),
      service.send("GET", "/nowhere", { headers }),
      service.send("DELETE", "/v1/customers", { token, headers }),
      service.send("POST", "/v1/customers", { token, headers, body: "{" }),
      service.send("POST", "/v1/customers", { token, headers, body: "x".repeat(70_000) }),
      service.send("GET", "/health/live", { headers })
    ])
  }

  test("is taken from the caller and comes back in every answer", async () => {
    for (const id of ["corr_registration_123", "a", "A-1:2.3_4", "x".repeat(128)]) {
      const answers = await everyKindOfAnswer(id)
      expect(answers.map(({ headers }) => headers.get("x-correlation-id"))).toEqual(answers.map(() => id))
      for (const answer of answers.filter(({ status }) => status >= 400)) refusalIn(answer)
    }
  })

  test("is made where none comes, or one that has no place in a log", async () => {
    for (const id of [
      undefined,
      "",
      "two words",
      "x".repeat(129),
      "<script>",
      '"quoted"',
      "ü",
      "a,b",
      "${jndi:ldap://x}"
    ]) {
      const ids = (await everyKindOfAnswer(id)).map(({ headers }) => headers.get("x-correlation-id") ?? "")
      expect(ids.filter((made) => !uuid.test(made))).toEqual([])
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  test("is in the events of what the request changed", async () => {
    const id = `corr-${randomUUID()}`
    const headers = { "x-correlation-id": id }
    const created = await service.send("POST", "/v1/customers", { token, headers, body: { email: newEmail() } })
    const path = `/v1/customers/${customerIn(created).id}`
    await service.send("PUT", path, { token, headers, body: { profile: { firstName: "Joan" } } })
    await service.send("DELETE", path, { token, headers })
    const events = await database.rows(
      `SELECT envelope FROM outbox_events WHERE customer_id = $1 AND ${besideReviews} ORDER BY id`,
      [customerIn(created).id]
    )
    expect(events.map(({ envelope }) => envelope)).toEqual(
      ["CustomerCreated", "CustomerProfileUpdated", "CustomerDeactivated"].map((eventType) => ({
        eventId: expect.stringMatching(uuid),
        eventType,
        version: "1.0",
        timestamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
        source: "customer-service",
        data: expect.objectContaining({ customerId: customerIn(created).id }),
        metadata: { correlationId: id }
      }))
    )
  })
})

test("answers about a person are hers alone, and are what they say they are", async () => {
  const staff = await staffToken()
  const answers = [
    await service.send("GET", jane.path, { token }),
    await service.send("GET", `${jane.path}/addresses`, { token: jane.token }),
    await service.send("GET", "/v1/customers", { token: staff }),
    await service.send("PUT", jane.path, { token, body: {} }),
    await service.send("GET", `/v1/customers/${randomUUID()}`, { token }),
    await service.send("POST", "/v1/customers", { token, body: { email: jane.email } })
  ]
  for (const { headers } of answers) {
    expect(headers.get("cache-control")).toBe("private, no-cache")
    expect(headers.get("vary")).toBe("Authorization")
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("content-type")).toMatch(/^application\/json/)
    expect(headers.get("server")).toBeNull()
    expect(headers.get("x-powered-by")).toBeNull()
    expect(headers.get("access-control-allow-origin")).toBeNull()
  }
})

test("times are RFC 3339 in UTC with milliseconds, and what is not known is left out", async () => {
  const customer = customerIn(await service.send("GET", jane.path, { token }))
  const [address] = addressesIn(await service.send("GET", `${jane.path}/addresses`, { token }))
  for (const time of [customer.createdAt, customer.updatedAt]) {
    expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  }
  expect(JSON.stringify([customer, address])).not.toContain("null")
  expect(customer.profile).toEqual({ firstName: "Jane" })
})
