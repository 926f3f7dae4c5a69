import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { createCustomer, customerIn } from "./support/customers.ts"
import { membershipsIn, newName, segmentIn, segmentsIn, segmentsOf, segmentsPath } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const { service } = await openScene()
const [client, staff] = [await serviceToken(), await staffToken("staff-of-segments")]
const segments = segmentsOf(service, staff)
const [jane, mary] = [await createCustomer(service), await createCustomer(service)]
const [{ name }, friends] = [await segments.create({ kind: "manual" }), await segments.create({ kind: "manual" })]

const word = { member: true, reason: "she is one of us" }

/** Everything that staff alone may do. */
const staffs = [
  ["GET", segmentsPath],
  ["POST", segmentsPath, { name: newName(), rule: 'tier = "vip"' }],
  ["GET", `${segmentsPath}/${name}`],
  ["PUT", `${segmentsPath}/${name}`, { description: "Friends of the house." }],
  ["POST", `${segmentsPath}/preview`, { rule: 'tier = "vip"' }],
  ["GET", `${segmentsPath}/${name}/members`],
  ["PUT", `${jane.path}/segments/${name}`, word],
  ["DELETE", `${segmentsPath}/${name}`],
  ["GET", "/v1/customers/analytics/overview"]
] as const

/** What is told of a customer to whoever may read her. */
const readers = [
  ["GET", `${jane.path}/segments`],
  ["GET", `${jane.path}/segments/${friends.name}/explain`]
] as const

const kinds = [
  ["the customer herself", jane.token],
  ["another customer", mary.token],
  ["a service that reads and writes", client],
  ["a service that reads", await serviceToken("customers:read")],
  ["a service of no scope", await serviceToken("orders:read")],
  ["a customer whose token would be one of staff", await customerToken(jane.id, "customers:administrator")]
] as const

describe.for(staffs)("%s %s", ([method, path, body]) => {
  test.for(kinds)("is not for %s", async ([, token]) => {
    expect(refusalIn(await service.send(method, path, { token, body }))).toEqual(refusal(403, "FORBIDDEN"))
  })

  test("is not for whoever shows no token", async () => {
    expect(refusalIn(await service.send(method, path, { body }))).toEqual(refusal(401, "UNAUTHENTICATED"))
  })

  test("is for staff", async () => {
    const { status, text } = await service.send(method, path, { token: staff, body })
    expect([200, 201, 202], text).toContain(status)
  })
})

const reader = await serviceToken("customers:read")

describe.for(readers)("%s %s", ([method, path]) => {
  test.for([
    ["a service that reads", reader],
    ["staff", staff]
  ] as const)("is for %s", async ([, token]) => {
    const { status, text } = await service.send(method, path, { token })
    expect(status, text).toBe(200)
  })

  test("is told to no other customer, whether she is there or not", async () => {
    const nobodys = path.replace(jane.id, randomUUID())
    for (const place of [path, nobodys]) {
      const answer = await service.send(method, place, { token: mary.token })
      expect(refusalIn(answer)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
    }
  })

  test("needs the scope to read, and a token", async () => {
    const token = await serviceToken("customers:write")
    expect(refusalIn(await service.send(method, path, { token }))).toEqual(refusal(403, "FORBIDDEN"))
    expect(refusalIn(await service.send(method, path))).toEqual(refusal(401, "UNAUTHENTICATED"))
  })

  test("is found for nobody where there is no such customer, and for staff alone once her account is closed", async () => {
    const gone = await createCustomer(service)
    await service.send("DELETE", gone.path, { token: gone.token })
    const notFound = refusal(404, "CUSTOMER_NOT_FOUND")
    const of = (id: string, token: string) => service.send(method, path.replace(jane.id, id), { token })
    for (const token of [client, gone.token]) expect(refusalIn(await of(gone.id, token))).toEqual(notFound)
    for (const token of [client, staff]) expect(refusalIn(await of(randomUUID(), token))).toEqual(notFound)
    expect((await of(gone.id, staff)).status).toBe(200)
    expect(refusalIn(await of("not-an-id", staff))).toEqual(refusal(400, "INVALID_CUSTOMER_ID", "customerId"))
  })
})

test("what colleagues noted is told to services and staff, and not to the customer", async () => {
  const reason = "her aunt owns the place"
  await segments.decide(jane, friends.name, { member: true, reason })
  for (const token of [client, staff]) {
    const answer = await service.send("GET", `${jane.path}/segments`, { token })
    const membership = membershipsIn(answer).find(({ id }) => id === friends.id)
    expect(membership).toMatchObject({ by: "hand", exception: { member: true, reason, by: "staff-of-segments" } })
  }
  const { status, text } = await service.send("GET", `${jane.path}/segments`, { token: jane.token })
  expect([status, text.includes(friends.name)]).toEqual([200, true])
  expect(text).not.toContain("aunt")
  expect(text).not.toContain("staff-of-segments")
})

test("a rule, which may name other customers, is explained to services and staff alone", async () => {
  const name = newName()
  await segments.create({ name, rule: `email in ("${mary.email}")` })
  await segments.settled(name)
  const path = `${jane.path}/segments/${name}/explain`
  expect((await service.send("GET", path, { token: client })).text).toContain(mary.email)
  const answer = await service.send("GET", path, { token: jane.token })
  expect(refusalIn(answer)).toEqual(refusal(403, "FORBIDDEN"))
  expect(answer.text).not.toContain(mary.email)
})

describe("a path of segments", () => {
  const allowed: ReadonlyArray<readonly [path: string, allow: ReadonlyArray<string>]> = [
    [segmentsPath, ["GET", "POST", "HEAD"]],
    [`${segmentsPath}/preview`, ["POST"]],
    [`${segmentsPath}/vip-customers`, ["GET", "PUT", "DELETE", "HEAD"]],
    [`${segmentsPath}/addresses`, ["GET", "PUT", "DELETE", "HEAD"]],
    [`${segmentsPath}/vip-customers/members`, ["GET", "HEAD"]],
    [`${jane.path}/segments`, ["GET", "HEAD"]],
    [`${jane.path}/segments/vip-customers`, ["PUT"]],
    [`${jane.path}/segments/vip-customers/explain`, ["GET", "HEAD"]],
    ["/v1/customers/analytics/overview", ["GET", "HEAD"]]
  ]

  test.for(allowed)("%s takes no other methods than %j", async ([path, allow]) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((each) => !allow.includes(each))) {
      const answer = await service.send(method, path, { token: staff, ...(method === "GET" ? {} : { body: {} }) })
      expect([method, refusalIn(answer)]).toEqual([method, refusal(405, "METHOD_NOT_ALLOWED")])
      expect(answer.headers.get("allow")?.split(", ").toSorted()).toEqual(allow.toSorted())
    }
  })

  test("is never taken for a customer's, by the fast way neither", async () => {
    // As long as a UUID is behind /v1/customers/.
    const long = await segments.create({ name: `s${randomUUID().replaceAll("-", "").slice(0, 26)}`, kind: "manual" })
    const place = `${segmentsPath}/${long.name}`
    expect(place).toHaveLength(jane.path.length)
    for (let time = 0; time < 3; time += 1) {
      expect(customerIn(await service.send("GET", jane.path, { token: staff })).id).toBe(jane.id)
      expect(segmentIn(await service.send("GET", place, { token: staff })).id).toBe(long.id)
      expect(segmentsIn(await service.send("GET", segmentsPath, { token: staff })).length).toBeGreaterThan(5)
      const overview = await service.send("GET", "/v1/customers/analytics/overview", { token: staff })
      expect([overview.status, overview.text.includes('"overview"')]).toEqual([200, true])
    }
  })

  test("leads to a segment that is called like a part of a path", async () => {
    for (const called of ["members", "segments", "addresses", "segment", "explain"]) {
      const { id } = await segments.create({ name: called, kind: "manual" })
      expect((await segments.read(called)).id).toBe(id)
      expect(await segments.members(called)).toEqual([])
      expect((await segments.decide(jane, called, word)).status).toBe(200)
      expect(await segments.members(called)).toEqual([jane.id])
    }
  })
})
