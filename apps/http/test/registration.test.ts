import { randomUUID } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import {
  logIn,
  newAddress,
  newPassword,
  newPerson,
  post,
  register,
  tryLogIn,
  verificationIn,
  visitor
} from "./support/accounts.ts"
import { createCustomer, customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { untilAllSent } from "./support/keptText.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()
const token = await serviceToken()
const staff = await staffToken()

test("whoever registers may log in once she has followed the link, and finds what she told", async () => {
  const person = { email: newEmail(), password: newPassword() }
  const profile = { firstName: "Jane", phone: "+1-555-0123" }
  const answer = await register(service, { ...person, registrationSource: "web", profile })
  expect(answer.status).toBe(202)
  expect(answer.body).toEqual({ success: true, data: { accepted: true } })
  expect(refusalIn(await tryLogIn(service, person))).toEqual(refusal(403, "EMAIL_NOT_VERIFIED"))

  const secret = await mails.takeToken(person.email, "verify-email")
  const { customerId, passwordRequired } = verificationIn(await post(service, "email/verify", { token: secret }))
  expect(passwordRequired).toBe(false)
  const { accessToken } = await logIn(service, person)
  const seen = await service.send("GET", `/v1/customers/${customerId}`, { token: accessToken })
  expect(customerIn(seen)).toMatchObject({
    email: person.email,
    status: "active",
    emailVerified: true,
    registrationSource: "web",
    profile
  })
})

test("registering a verified address changes nothing of its account, and tells nobody but the address", async () => {
  const person = await newPerson(service, mails, { profile: { firstName: "Jane" } })
  const before = customerIn(await service.send("GET", person.path, { token }))
  const other = { email: person.email.toUpperCase(), password: newPassword(), profile: { firstName: "Eve" } }
  const answer = await register(service, other)
  expect(answer.body).toEqual({ success: true, data: { accepted: true } })

  const mail = await mails.take(person.email, /already/)
  expect(mail.text).not.toContain("#token=")
  expect(mail.text).not.toContain("Eve")
  expect(customerIn(await service.send("GET", person.path, { token }))).toEqual(before)
  expect(refusalIn(await tryLogIn(service, { ...person, password: other.password }))).toEqual(
    refusal(401, "INVALID_CREDENTIALS")
  )
  await logIn(service, person)
})

test("a customer whom a service created without a password gets one by registering and following the link", async () => {
  const { email, id } = await createCustomer(service, { profile: { firstName: "Jane" } })
  const password = newPassword()
  await register(service, { email, password, profile: { firstName: "Eve" } })
  const secret = await mails.takeToken(email, "verify-email")
  expect(verificationIn(await post(service, "email/verify", { token: secret }))).toMatchObject({ customerId: id })
  const { accessToken, customerId } = await logIn(service, { email, password })
  expect(customerId).toBe(id)
  const seen = customerIn(await service.send("GET", `/v1/customers/${id}`, { token: accessToken }))
  expect(seen.profile).toMatchObject({ firstName: "Jane" })
})

test("ten registrations of one new address at once make one account", async () => {
  const email = newEmail()
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => register(service, { email, password: newPassword() }))
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
  await vi.waitUntil(() => mails.to(email).length === 10, { timeout: 15_000 })
  expect(await database.rows("SELECT 1 FROM customers WHERE email = $1", [email])).toHaveLength(1)
})

test("a deactivated customer's email can register again after erasure, and not before", async () => {
  const person = await newPerson(service, mails)
  expect((await service.send("DELETE", person.path, { token: staff })).status).toBe(200)
  const again = { email: person.email, password: newPassword() }
  expect((await register(service, again)).status).toBe(202)
  await mails.take(person.email, /already/)
  expect(refusalIn(await tryLogIn(service, again))).toEqual(refusal(401, "INVALID_CREDENTIALS"))

  const body = { when: "now", reason: "asked for it" }
  const erasure = await service.send("POST", `${person.path}/erasure`, { token: staff, body })
  expect([200, 202]).toContain(erasure.status)
  await vi.waitUntil(
    async () => (await database.rows("SELECT 1 FROM customers WHERE email = $1", [person.email])).length === 0,
    { timeout: 20_000 }
  )
  expect((await register(service, again)).status).toBe(202)
  const secret = await mails.takeToken(person.email, "verify-email")
  const { customerId } = verificationIn(await post(service, "email/verify", { token: secret }))
  expect(customerId).not.toBe(person.id)
  await logIn(service, again)
})

describe("a password", () => {
  const weak = async (fields: object) => {
    const email = newEmail()
    const answer = await register(service, { email, ...fields })
    await untilAllSent(database)
    expect(mails.to(email)).toEqual([])
    return answer
  }

  test.for([
    ["seven characters", "Seven-7", /at least 8 characters/],
    ["129 characters", "x1".repeat(64) + "y", /at most 128 characters/],
    ["one of the commonest", "password123", /common/],
    ["one of the commonest in capitals", "PASSWORD123", /common/],
    ["her first name", "Bartholomew", /name/],
    ["her full name", "bartholomew smithson", /name/]
  ] as const)("of %s is refused with the rule it breaks", async ([, password, rule]) => {
    const answer = await weak({ password, profile: { firstName: "Bartholomew", lastName: "Smithson" } })
    expect(refusalIn(answer)).toEqual(refusal(400, "WEAK_PASSWORD", "password"))
    expect(answer.text).toMatch(rule)
    expect(answer.text).not.toContain(password)
  })

  test("that is her mail address is refused", async () => {
    const email = newEmail()
    const answer = await register(service, { email, password: email.toUpperCase() })
    expect(refusalIn(answer)).toEqual(refusal(400, "WEAK_PASSWORD", "password"))
  })

  test.for([{}, { password: null }, { password: 12_345_678 }])("must be given as text, not as %j", async (fields) => {
    expect((await weak(fields)).status).toBe(400)
  })

  test.for([
    ["128 characters outside the basic plane", "🦊".repeat(128), "🦊".repeat(128)],
    ["another spelling of the same letters", "Ame\u0301lie-\ufb01n-2024", "Am\u00e9lie-fin-2024"]
  ] as const)("may be of %s", async ([, chosen, typed]) => {
    const person = await newPerson(service, mails, { password: chosen })
    await logIn(service, { email: person.email, password: typed })
  })
})

test("31 registrations an hour from one address are one too many, and others go on", async () => {
  const send = visitor(service, newAddress())
  const ask = () =>
    send("POST", "/v1/customers/auth/register", { body: { email: newEmail(), password: newPassword() } })
  const answers = await Promise.all(Array.from({ length: 31 }, ask))
  const refused = answers.filter(({ status }) => status !== 202)
  expect(refused.map(refusalIn)).toEqual([refusal(429, "TOO_MANY_ATTEMPTS")])
  const seconds = Number(refused[0]?.headers.get("retry-after"))
  expect(seconds).toBeGreaterThan(3500)
  expect(seconds).toBeLessThanOrEqual(3600)
  expect((await register(service, { email: newEmail(), password: newPassword() })).status).toBe(202)
})

test("neither a token nor an Idempotency-Key makes a difference", async () => {
  const person = { email: newEmail(), password: newPassword() }
  const headers = { "idempotency-key": randomUUID() }
  const before = await database.rows("SELECT 1 FROM idempotency_keys")
  for (const bearer of [staff, "nonsense"]) {
    expect((await post(service, "register", person, { token: bearer, headers })).status).toBe(202)
  }
  expect(await database.rows("SELECT 1 FROM idempotency_keys")).toEqual(before)
})
