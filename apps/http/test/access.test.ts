import { randomInt, randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import {
  addAddress,
  addressesIn,
  createCustomer,
  customerIn,
  customersIn,
  type Known,
  someAddress
} from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { customerToken, serviceToken, sign, staffToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const [jane, mary] = [await createCustomer(service), await createCustomer(service)]
const marysHome = await addAddress(service, mary)

/** Every request that names one customer. */
const requestsAbout = ({ path }: Pick<Known, "path">, addressId: string) =>
  [
    ["GET", path],
    ["PUT", path, { profile: { firstName: "Eve" } }],
    ["DELETE", path],
    ["GET", `${path}/addresses`],
    ["POST", `${path}/addresses`, someAddress],
    ["GET", `${path}/addresses/${addressId}`],
    ["PUT", `${path}/addresses/${addressId}`, { city: "Eveville" }],
    ["DELETE", `${path}/addresses/${addressId}`]
  ] as const

/** Gives a customer a Magento id. */
const legacyIdOf = async ({ id }: Known): Promise<number> => {
  const legacyId = randomInt(1, 4_294_967_295)
  await database.rows("UPDATE customers SET legacy_id = $1 WHERE id = $2", [legacyId, id])
  return legacyId
}

describe("a customer", () => {
  test("reads and changes herself, by her id and by her Magento id", async () => {
    const me = await createCustomer(service)
    const legacyPath = `/v1/customers/${await legacyIdOf(me)}`
    for (const path of [me.path, legacyPath, me.path.toUpperCase().replace("/V1/CUSTOMERS", "/v1/customers")]) {
      expect(customerIn(await service.send("GET", path, { token: me.token })).id).toBe(me.id)
      const changed = await service.send("PUT", path, { token: me.token, body: { profile: { firstName: path } } })
      expect(customerIn(changed)).toMatchObject({ id: me.id, profile: { firstName: path } })
    }
    await addAddress(service, me)
    expect(addressesIn(await service.send("GET", `${legacyPath}/addresses`, { token: me.token }))).toHaveLength(1)
    expect(customerIn(await service.send("DELETE", me.path, { token: me.token })).status).toBe("inactive")
  })

  test("is told of others what she is told of nobody", async () => {
    const before = await database.contents()
    const nobody = { path: `/v1/customers/${randomUUID()}` }
    const legacy = { path: `/v1/customers/${await legacyIdOf(mary)}` }
    const nobodysLegacy = { path: "/v1/customers/4294967295" }
    await database.rows("UPDATE customers SET legacy_id = NULL WHERE id = $1", [mary.id])
    for (const other of [mary, nobody, legacy, nobodysLegacy]) {
      for (const [method, path, body] of requestsAbout(other, marysHome.id)) {
        const answer = await service.send(method, path, { token: jane.token, body })
        expect([method, path, refusalIn(answer)]).toEqual([method, path, refusal(404, "CUSTOMER_NOT_FOUND")])
        expect(answer.text).not.toContain(other.path.slice("/v1/customers/".length))
      }
    }
    expect(await database.contents()).toEqual(before)
  })

  test("neither lists customers nor reads a batch nor creates any", async () => {
    const forbidden = refusal(403, "FORBIDDEN")
    for (const query of ["", `?email=${encodeURIComponent(jane.email)}`, `?ids=${jane.id}`, `?ids=${mary.id}`]) {
      expect(refusalIn(await service.send("GET", `/v1/customers${query}`, { token: jane.token }))).toEqual(forbidden)
    }
    const created = await service.send("POST", "/v1/customers", { token: jane.token, body: { email: newEmail() } })
    expect(refusalIn(created)).toEqual(forbidden)
  })
})

describe("a service", () => {
  test("reads and changes everybody, and reads batches", async () => {
    const token = await serviceToken()
    const created = await service.send("POST", "/v1/customers", { token, body: { email: newEmail() } })
    expect(created.status).toBe(201)
    expect(customerIn(await service.send("GET", mary.path, { token })).id).toBe(mary.id)
    const batch = await service.send("GET", `/v1/customers?ids=${mary.id},${jane.id}`, { token })
    expect(customersIn(batch).map(({ id }) => id)).toEqual([mary.id, jane.id])
  })

  test("does not list or search", async () => {
    const token = await serviceToken()
    for (const query of ["", "?q=someone", `?email=${encodeURIComponent(jane.email)}`, "?status=active"]) {
      const answer = await service.send("GET", `/v1/customers${query}`, { token })
      expect(refusalIn(answer)).toEqual(refusal(403, "FORBIDDEN"))
    }
  })
})

test("staff list, read and change everybody", async () => {
  const token = await staffToken()
  const found = await service.send("GET", `/v1/customers?email=${encodeURIComponent(mary.email)}`, { token })
  expect(customersIn(found).map(({ id }) => id)).toEqual([mary.id])
  const changed = await service.send("PUT", mary.path, { token, body: { profile: { gender: "female" } } })
  expect(customerIn(changed).profile).toMatchObject({ gender: "female" })
})

describe("a scope", () => {
  const forbidden = refusal(403, "FORBIDDEN")

  test.for(["customers:read", "orders:read customers:read"])("%s reads and does not write", async (scope) => {
    const tokens = [await serviceToken(scope), await customerToken(jane.id, scope)]
    for (const token of tokens) {
      expect((await service.send("GET", jane.path, { token })).status).toBe(200)
      for (const [method, path, body] of requestsAbout(jane, marysHome.id).filter(([verb]) => verb !== "GET")) {
        expect(refusalIn(await service.send(method, path, { token, body }))).toEqual(forbidden)
      }
    }
    const created = await service.send("POST", "/v1/customers", { token: tokens[0], body: { email: newEmail() } })
    expect(refusalIn(created)).toEqual(forbidden)
  })

  test.for(["customers:write", "", "Customers:Read", "customers:readx", "customers:*", "admin"])(
    "%j does not read",
    async (scope) => {
      for (const token of [await serviceToken(scope), await customerToken(jane.id, scope)]) {
        for (const [method, path] of requestsAbout(jane, marysHome.id).filter(([verb]) => verb === "GET")) {
          expect(refusalIn(await service.send(method, path, { token }))).toEqual(forbidden)
        }
      }
    }
  )

  test("may also come in a list", async () => {
    const claims = { sub: jane.id, scopes: ["customers:read"] }
    expect((await service.send("GET", jane.path, { token: await sign(claims) })).status).toBe(200)
  })
})

test("a closed account is there for staff alone", async () => {
  const closed = await createCustomer(service)
  const staff = await staffToken()
  const client = await serviceToken()
  const address = await addAddress(service, closed)
  await service.send("DELETE", closed.path, { token: client })
  for (const token of [closed.token, client]) {
    for (const [method, path, body] of requestsAbout(closed, address.id)) {
      const answer = await service.send(method, path, { token, body })
      expect(refusalIn(answer)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
    }
  }
  const batch = `/v1/customers?ids=${closed.id},${jane.id}`
  expect(customersIn(await service.send("GET", batch, { token: client })).map(({ id }) => id)).toEqual([jane.id])
  expect(customersIn(await service.send("GET", batch, { token: staff })).map(({ id }) => id)).toEqual([
    closed.id,
    jane.id
  ])
  expect(customerIn(await service.send("GET", closed.path, { token: staff }))).toMatchObject({ status: "inactive" })
  expect(addressesIn(await service.send("GET", `${closed.path}/addresses`, { token: staff }))).toHaveLength(1)
})

describe("without a good token", () => {
  const invalidToken = 'Bearer error="invalid_token"'
  const hour = 3600
  const now = Math.floor(Date.now() / 1000)

  test.for([
    [undefined, "Bearer"],
    ["", "Bearer"],
    ["Bearer", "Bearer"],
    ["Bearer ", "Bearer"],
    ["Basic amFuZTpqYW5l", "Bearer"],
    ["Token abc", "Bearer"],
    ["Bearer a b c", invalidToken],
    ["Bearer a.b.c", invalidToken]
  ])("%j is answered 401 with the challenge %s", async ([authorization, challenge]) => {
    const headers = authorization === undefined ? {} : { authorization }
    for (const [method, path, body] of requestsAbout(jane, marysHome.id)) {
      const answer = await service.send(method, path, { headers, body })
      expect(refusalIn(answer)).toEqual(refusal(401, "UNAUTHENTICATED"))
      expect(answer.headers.get("www-authenticate")).toBe(challenge)
    }
  })

  test.for([
    ["expired", { exp: now - hour }],
    ["not valid yet", { nbf: now + hour }],
    ["without an end", { exp: undefined }],
    ["of nobody", { sub: "somebody" }],
    ["of no subject", { sub: undefined }],
    ["of a client under another name", { client_id: "checkout" }]
  ] as const)("a token that is %s is answered 401", async ([, claims]) => {
    const token = await sign({ sub: jane.id, scope: "customers:read", ...claims })
    const answer = await service.send("GET", jane.path, { token })
    expect(refusalIn(answer)).toEqual(refusal(401, "UNAUTHENTICATED"))
    expect(answer.headers.get("www-authenticate")).toBe(invalidToken)
    expect(answer.text).not.toContain(token)
  })

  test("the scheme's capitals do not matter", async () => {
    for (const scheme of ["bearer", "BEARER"]) {
      const answer = await service.send("GET", jane.path, { headers: { authorization: `${scheme} ${jane.token}` } })
      expect(answer.status).toBe(200)
    }
  })
})
