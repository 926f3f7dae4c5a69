import { randomUUID } from "node:crypto"
import { Redis } from "ioredis"
import { afterAll, describe, expect, test } from "vitest"
import { addAddress, createCustomer, customerIn, customersIn, someAddress } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const { database, redisUrl, service } = await openScene()
const redis = new Redis(redisUrl)
afterAll(() => redis.quit())

const staff = await staffToken()
const token = await serviceToken()
const jane = await createCustomer(service)
const mary = await createCustomer(service)

describe("typed objects in JSON", () => {
  const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`
  const bodies = [
    '{"email":"E","__proto__":{"isAdmin":true}}',
    '{"email":"E","profile":{"__proto__":{"isAdmin":true}}}',
    '{"email":"E","profile":{"data":{"__proto__":"x"}}}',
    '{"email":"E","preferences":{"custom":{"constructor":"x"}}}',
    '{"email":"E","constructor":{"prototype":{"isAdmin":true}}}',
    '{"email":"E","profile":{"@type":"com.example.Exploit"}}',
    '{"email":"E","$type":"System.Exploit"}',
    '{"email":{"@class":"java.lang.Runtime"}}',
    `{"email":"E","profile":{"data":{"deep":${nested(5000, '{"a":', "}")}}}}`,
    `{"email":"E","profile":${nested(30_000, "[", "]")}}`
  ]

  test.for(bodies)("%s is refused and poisons nothing", async (body) => {
    const answers = [
      await service.send("POST", "/v1/customers", { token, body: body.replace('"E"', JSON.stringify(newEmail())) }),
      await service.send("PUT", jane.path, { token, body: body.replace('"email":"E",', "") }),
      await service.send("POST", `${jane.path}/addresses`, { token, body: body.replace('"email":"E",', "") })
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect({}).not.toHaveProperty("isAdmin")
    expect((await service.send("GET", mary.path, { token })).text).not.toContain("isAdmin")
  })

  test.for(["__proto__=1", "constructor=1", "__proto__[isAdmin]=1", "limit[__proto__]=1", "toString=1"])(
    "the query %s is refused or means nothing",
    async (query) => {
      const answer = await service.send("GET", `/v1/customers?${query}`, { token: staff })
      expect([200, 400]).toContain(answer.status)
      expect({}).not.toHaveProperty("isAdmin")
    }
  )
})

describe("SQL in ordinary parameters", () => {
  const injections = [
    "'",
    "' OR '1'='1",
    "'; DROP TABLE customers; --",
    "1; SELECT pg_sleep(5)",
    "\\'; --",
    "$1",
    "%27%20OR%201=1",
    "(SELECT pg_sleep(5))",
    "\u0000",
    "a\u2019b"
  ]
  const parameters = [
    "limit",
    "cursor",
    "email",
    "q",
    "status",
    "type",
    "segment",
    "tier",
    "ids",
    "createdAfter",
    "updatedAfter"
  ]

  test.for(parameters)("%s answers 400 or data, and as fast as ever", async (parameter) => {
    for (const injection of injections) {
      const started = performance.now()
      const answer = await service.send("GET", `/v1/customers?${parameter}=${encodeURIComponent(injection)}`, {
        token: staff
      })
      expect(performance.now() - started).toBeLessThan(2000)
      expect([200, 400]).toContain(answer.status)
      if (answer.status === 200) expect(customersIn(answer)).toEqual([])
    }
  })

  test.for(injections.filter((text) => text !== "\u0000"))("%s is a name like any other", async (firstName) => {
    const answer = await service.send("PUT", jane.path, {
      token,
      body: { profile: { firstName, data: { a: firstName } } }
    })
    expect(customerIn(answer)).toMatchObject({ profile: { firstName, data: { a: firstName } } })
    const found = await service.send("GET", `/v1/customers?q=${encodeURIComponent(firstName)}`, { token: staff })
    expect(customersIn(found).map(({ id }) => id)).toEqual([jane.id])
  })
})

test("her own record with another's address is not found, and nothing of it is told", async () => {
  const secret = `Street ${randomUUID()}`
  const theirs = await addAddress(service, mary, { street: secret })
  const path = `${jane.path}/addresses/${theirs.id}`
  const before = await database.contents()
  for (const [method, body] of [["GET"], ["PUT", { city: "Eveville" }], ["PUT", {}], ["DELETE"]] as const) {
    for (const asker of [jane.token, token, staff]) {
      const answer = await service.send(method, path, { token: asker, body })
      expect(refusalIn(answer)).toEqual(refusal(404, "ADDRESS_NOT_FOUND"))
      expect(answer.text).not.toContain(secret)
    }
  }
  expect(await database.contents()).toEqual(before)
})

test.for(["customerId", "customer_id", "sub", "id", "legacyId", "version", "status", "emailVerified", "segment"])(
  "%s in a body moves nobody: it is refused",
  async (field) => {
    const before = await database.contents()
    const value = { customerId: mary.id, customer_id: mary.id, sub: mary.id, id: mary.id, status: "active" }
    const extra = { [field]: new Map(Object.entries(value)).get(field) ?? 1 }
    const requests: ReadonlyArray<readonly [string, string, object]> = [
      ["POST", "/v1/customers", { email: newEmail(), ...extra }],
      ["PUT", jane.path, extra],
      ["POST", `${jane.path}/addresses`, { ...someAddress, ...extra }]
    ]
    for (const [method, path, body] of requests) {
      const answer = await service.send(method, path, { token, body })
      expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", field))
    }
    expect(await database.contents()).toEqual(before)
  }
)

test("many users at once each see their own, and their events name their own request", async () => {
  const users = await Promise.all(Array.from({ length: 30 }, () => createCustomer(service)))
  const rounds = users.flatMap((user) => [user, user, user])
  await Promise.all(
    rounds.map(async (user, index) => {
      const correlationId = `corr-${user.id}-${index}`
      const headers = { "x-correlation-id": correlationId }
      const body = {
        profile: { firstName: user.id, data: { round: index } },
        preferences: { marketing: { smsOptIn: index % 2 === 0 } }
      }
      const [seen, changed] = await Promise.all([
        service.send("GET", user.path, { token: user.token, headers }),
        service.send("PUT", user.path, { token: user.token, headers, body })
      ])
      expect(customerIn(seen)).toMatchObject({ id: user.id, email: user.email })
      expect(customerIn(changed)).toMatchObject({ id: user.id, email: user.email, profile: { firstName: user.id } })
      expect([seen, changed].map((answer) => answer.headers.get("x-correlation-id"))).toEqual([
        correlationId,
        correlationId
      ])
    })
  )
  const events = await database.rows(
    `SELECT customer_id, envelope FROM outbox_events WHERE topic = 'customers.profile.updated'
     AND envelope->'data'->'profile'->>'firstName' = customer_id::text`
  )
  expect(events).toHaveLength(90)
  for (const { customer_id: customerId, envelope } of events) {
    expect(envelope).toMatchObject({ metadata: { correlationId: expect.stringContaining(String(customerId)) } })
  }
  const strangers = await database.rows(
    "SELECT 1 FROM consent_ledger WHERE source = 'customer' AND recorded_by <> customer_id::text"
  )
  expect(strangers).toEqual([])
})

test("a password is kept as an argon2id hash, and neither is found anywhere else", async () => {
  const password = `pass-${randomUUID()}`
  const body = { email: newEmail(), password, profile: { firstName: "Jane" } }
  const headers = { "idempotency-key": randomUUID() }
  const first = await service.send("POST", "/v1/customers", { token, body, headers })
  const { id } = customerIn(first)
  const path = `/v1/customers/${id}`
  const own = await customerToken(id)
  const answers = [
    first,
    await service.send("POST", "/v1/customers", { token, body, headers }),
    await service.send("POST", "/v1/customers", { token, body }),
    await service.send("POST", "/v1/customers", { token, body: { ...body, password: password.slice(0, 5) } }),
    await service.send("PUT", path, { token, body: { password } }),
    await service.send("GET", path, { token: own }),
    await service.send("GET", `/v1/customers?ids=${id}`, { token }),
    await service.send("DELETE", path, { token: own })
  ]
  const [credential] = await database.rows("SELECT password_hash FROM customer_credentials WHERE customer_id = $1", [
    id
  ])
  const hash = String(credential?.["password_hash"])
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  const kept = (await database.contents()).filter(({ table }) => table !== "customer_credentials")
  const cached = await Promise.all((await redis.keys("*")).map((key) => redis.get(key)))
  const everywhere = JSON.stringify([answers.map(({ headers: sent, text }) => [...sent, text]), kept, cached])
  expect(cached.length).toBeGreaterThan(0)
  expect(everywhere).not.toContain(password)
  expect(everywhere).not.toContain(hash.slice(-40))
})
