import { randomInt, randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { type Grant, logIn, newPassword, newPerson, post, register, verificationIn } from "./support/accounts.ts"
import { customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { untilAllSent } from "./support/keptText.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"

const { database, mails, service, startAnother, texts } = await openIdentityScene()

const refused = refusal(400, "INVALID_CODE")

const newPhone = (): string => `+1 202 555 ${randomInt(10_000, 100_000)}`

/** A customer with this phone, logged in. */
const withPhone = async (phone: string) => logIn(service, await newPerson(service, mails, { profile: { phone } }))

const ask = ({ accessToken: token, customerId }: Grant, headers: Readonly<Record<string, string>> = {}) =>
  service.send("POST", `/v1/customers/${customerId}/phone/verification`, { token, headers })

const confirm = ({ accessToken: token, customerId }: Grant, code: string, path = "phone/verification/confirm") =>
  service.send("POST", `/v1/customers/${customerId}/${path}`, { token, body: { code } })

const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, "0")

test.for(["phone/verification/confirm", "phone/confirm"])(
  "a code of six digits proves the phone at %s",
  async (path) => {
    const phone = newPhone()
    const grant = await withPhone(phone)
    const answer = await ask(grant)
    expect([answer.status, answer.body]).toEqual([202, { success: true, data: { accepted: true } }])
    const code = await texts.codeOf(phone)
    expect(code).toMatch(/^\d{6}$/)
    const confirmed = await confirm(grant, code, path)
    expect(customerIn(confirmed)).toMatchObject({ phoneVerified: true, profile: { phone } })
    expect(confirmed.headers.get("etag")).toBe(`"${customerIn(confirmed).version}"`)
  }
)

test("without a phone there is nothing to verify", async () => {
  const grant = await logIn(service, await newPerson(service, mails))
  expect(refusalIn(await ask(grant))).toEqual(refusal(409, "PHONE_MISSING"))
})

test("a wrong code is refused, and the right one works once", async () => {
  const phone = newPhone()
  const grant = await withPhone(phone)
  await ask(grant)
  const code = await texts.codeOf(phone)
  expect(refusalIn(await confirm(grant, another(code)))).toEqual(refused)
  expect((await confirm(grant, code)).status).toBe(200)
  expect(refusalIn(await confirm(grant, code))).toEqual(refused)
})

test("five wrong codes are all that may be tried for a while, also at once", async () => {
  const phone = newPhone()
  const grant = await withPhone(phone)
  await ask(grant)
  const code = await texts.codeOf(phone)
  const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(grant, another(code))))
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(5)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
  const late = await confirm(grant, code)
  expect(refusalIn(late)).toEqual(refusal(429, "TOO_MANY_ATTEMPTS"))
  expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0)
})

test("a newer code ends the older, and one whose time is over proves nothing", async () => {
  const phone = newPhone()
  const grant = await withPhone(phone)
  await ask(grant)
  const first = await texts.codeOf(phone, 1)
  await ask(grant)
  const second = await texts.codeOf(phone, 2)
  if (first !== second) expect(refusalIn(await confirm(grant, first))).toEqual(refused)
  await database.rows(
    "UPDATE verification_tokens SET expires_at = now() - interval '1 second' WHERE customer_id = $1",
    [grant.customerId]
  )
  expect(refusalIn(await confirm(grant, second))).toEqual(refused)
})

test("a code proves neither another phone of hers nor another customer's", async () => {
  const phone = newPhone()
  const [jane, mary] = [await withPhone(phone), await withPhone(phone)]
  await ask(jane)
  const code = await texts.codeOf(phone)
  expect(refusalIn(await confirm(mary, code))).toEqual(refused)
  const strangers = await service.send("POST", `/v1/customers/${jane.customerId}/phone/confirm`, {
    token: mary.accessToken,
    body: { code }
  })
  expect(refusalIn(strangers)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  const body = { profile: { phone: newPhone() } }
  await service.send("PUT", `/v1/customers/${jane.customerId}`, { token: jane.accessToken, body })
  expect(refusalIn(await confirm(jane, code))).toEqual(refused)
})

test("a phone that is changed is to be verified anew", async () => {
  const phone = newPhone()
  const grant = await withPhone(phone)
  await ask(grant)
  await confirm(grant, await texts.codeOf(phone))
  const changed = await service.send("PUT", `/v1/customers/${grant.customerId}`, {
    token: grant.accessToken,
    body: { profile: { phone: newPhone() } }
  })
  expect(customerIn(changed)).toMatchObject({ phoneVerified: false })
})

test("six codes an hour are one too many", async () => {
  const grant = await withPhone(newPhone())
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(grant)))
  const stopped = answers.filter(({ status }) => status !== 202)
  expect(stopped.map(refusalIn)).toEqual([refusal(429, "TOO_MANY_ATTEMPTS")])
})

test("the same Idempotency-Key sends one code", async () => {
  const phone = newPhone()
  const grant = await withPhone(phone)
  const headers = { "idempotency-key": randomUUID() }
  for (let time = 0; time < 3; time += 1) expect((await ask(grant, headers)).status).toBe(202)
  await untilAllSent(database)
  expect(texts.all().filter(({ to }) => to === phone)).toHaveLength(1)
})

test("a code is in no row and in no answer", async () => {
  const phone = newPhone()
  const grant = await withPhone(phone)
  const answer = await ask(grant)
  const code = await texts.codeOf(phone)
  expect(answer.text).not.toContain(code)
  const rows = await database.rows("SELECT to_jsonb(t) AS token FROM verification_tokens t WHERE customer_id = $1", [
    grant.customerId
  ])
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toContain(`"${code}"`)
})

test.for(["", "12345", "1234567", "abcdef", "１２３４５６", "12345 "])("%j is no code", async (code) => {
  const answer = await confirm(await withPhone(newPhone()), code)
  expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "code"))
})

test("where PHONE_VERIFICATION_REQUIRED an account is pending until both are verified", async () => {
  const strict = await startAnother({ PHONE_VERIFICATION_REQUIRED: "true" })
  const person = { email: newEmail(), password: newPassword() }
  const phone = newPhone()
  await register(strict, { ...person, profile: { phone } })
  const token = await mails.takeToken(person.email, "verify-email")
  verificationIn(await post(strict, "email/verify", { token }))
  const grant = await logIn(strict, person)
  const path = `/v1/customers/${grant.customerId}`
  const before = customerIn(await strict.send("GET", path, { token: grant.accessToken }))
  expect(before).toMatchObject({ status: "pending", emailVerified: true, phoneVerified: false })
  await strict.send("POST", `${path}/phone/verification`, { token: grant.accessToken })
  const code = await texts.codeOf(phone)
  const after = await strict.send("POST", `${path}/phone/verification/confirm`, {
    token: grant.accessToken,
    body: { code }
  })
  expect(customerIn(after)).toMatchObject({ status: "active", phoneVerified: true })
})
