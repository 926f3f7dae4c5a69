import { expect, test } from "vitest"
import {
  logIn,
  loggedOut,
  newAddress,
  newPassword,
  newPerson,
  post,
  register,
  resetToken,
  statusesOf,
  tryLogIn,
  visitor
} from "./support/accounts.ts"
import { customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { untilAllSent } from "./support/keptText.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

const staff = await staffToken()
const dead = refusal(400, "INVALID_TOKEN")
const refused = refusal(401, "INVALID_CREDENTIALS")

const reset = (token: string, password: string) => post(service, "password/reset", { token, newPassword: password })

test("the link lets her set a new password, ends every session, and she is told", async () => {
  const person = await newPerson(service, mails)
  const grants = [await logIn(service, person), await logIn(service, person)]
  expect((await post(service, "password/forgot", { email: person.email.toUpperCase() })).status).toBe(202)
  const token = await mails.takeToken(person.email, "reset-password")
  const password = newPassword()
  const answer = await reset(token, password)
  expect(answer.body).toEqual({ success: true, data: { reset: true, customerId: person.id } })
  for (const grant of grants) expect(await statusesOf(service, grant)).toEqual(loggedOut)
  expect(refusalIn(await tryLogIn(service, person))).toEqual(refused)
  await logIn(service, { ...person, password })
  const told = await mails.take(person.email, /password .*has changed/)
  expect(told.text).not.toContain("#token=")
})

test("of 50 uses of one token at once exactly one succeeds, and its password stands", async () => {
  const { email } = await newPerson(service, mails)
  const token = await resetToken(service, mails, email)
  const passwords = Array.from({ length: 50 }, newPassword)
  const answers = await Promise.all(passwords.map((password) => reset(token, password)))
  const winners = passwords.filter((_, index) => answers[index]?.status === 200)
  expect(winners).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 200)) expect(refusalIn(answer)).toEqual(dead)
  await logIn(service, { email, password: winners[0] ?? "" })
  for (const password of passwords.filter((other) => other !== winners[0]).slice(0, 3)) {
    expect(refusalIn(await tryLogIn(service, { email, password }))).toEqual(refused)
  }
})

test("a newer token ends the older", async () => {
  const { email } = await newPerson(service, mails)
  const older = await resetToken(service, mails, email)
  const newer = await resetToken(service, mails, email)
  expect(refusalIn(await reset(older, newPassword()))).toEqual(dead)
  expect((await reset(newer, newPassword())).status).toBe(200)
})

test("a token is good for RESET_TOKEN_MINUTES, and refused afterwards", async () => {
  const person = await newPerson(service, mails)
  const token = await resetToken(service, mails, person.email)
  const [kept] = await database.rows(
    "SELECT extract(epoch FROM expires_at - now()) AS seconds FROM verification_tokens WHERE customer_id = $1",
    [person.id]
  )
  expect(Number(kept?.["seconds"])).toBeGreaterThan(3540)
  expect(Number(kept?.["seconds"])).toBeLessThanOrEqual(3600)
  await database.rows(
    "UPDATE verification_tokens SET expires_at = now() - interval '1 second' WHERE customer_id = $1",
    [person.id]
  )
  expect(refusalIn(await reset(token, newPassword()))).toEqual(dead)
  await logIn(service, person)
})

test("a password that is refused costs no token", async () => {
  const { email } = await newPerson(service, mails)
  const token = await resetToken(service, mails, email)
  for (const weak of ["short", email, "password123", "x1".repeat(65)]) {
    expect(refusalIn(await reset(token, weak))).toEqual(refusal(400, "WEAK_PASSWORD", "newPassword"))
  }
  expect((await reset(token, newPassword())).status).toBe(200)
})

test("a token dies with any other change of the password", async () => {
  const person = await newPerson(service, mails)
  const token = await resetToken(service, mails, person.email)
  const { accessToken } = await logIn(service, person)
  const password = newPassword()
  const body = { currentPassword: person.password, newPassword: password }
  expect((await service.send("POST", `${person.path}/password`, { token: accessToken, body })).status).toBe(200)
  expect(refusalIn(await reset(token, newPassword()))).toEqual(dead)
  await logIn(service, { ...person, password })
})

test("whoever reads the mail has verified the address as well", async () => {
  const person = { email: newEmail(), password: newPassword() }
  await register(service, person)
  const link = await mails.takeToken(person.email, "verify-email")
  const password = newPassword()
  expect((await reset(await resetToken(service, mails, person.email), password)).status).toBe(200)
  const { accessToken, customerId } = await logIn(service, { ...person, password })
  const seen = await service.send("GET", `/v1/customers/${customerId}`, { token: accessToken })
  expect(customerIn(seen)).toMatchObject({ status: "active", emailVerified: true })
  expect(refusalIn(await post(service, "email/verify", { token: link }))).toEqual(dead)
})

test("a suspended customer stays suspended", async () => {
  const person = await newPerson(service, mails)
  await service.send("POST", `${person.path}/suspend`, { token: staff, body: { reason: "a test" } })
  const password = newPassword()
  await reset(await resetToken(service, mails, person.email), password)
  expect(refusalIn(await tryLogIn(service, { ...person, password }))).toEqual(refusal(403, "ACCOUNT_SUSPENDED"))
})

test("an account that was closed since is not opened by a link that it was sent before", async () => {
  const person = await newPerson(service, mails)
  const token = await resetToken(service, mails, person.email)
  await service.send("DELETE", person.path, { token: staff })
  const password = newPassword()
  expect(refusalIn(await reset(token, password))).toEqual(dead)
  expect(refusalIn(await tryLogIn(service, { ...person, password }))).toEqual(refused)
})

test("an unknown address and a closed account get no mail, and the answer does not tell", async () => {
  const closed = await newPerson(service, mails)
  await service.send("DELETE", closed.path, { token: staff })
  await untilAllSent(database)
  const before = mails.all().length
  const answers = await Promise.all(
    [closed.email, newEmail()].map((email) => post(service, "password/forgot", { email }))
  )
  for (const { body, status } of answers) {
    expect([status, body]).toEqual([202, { success: true, data: { accepted: true } }])
  }
  await untilAllSent(database)
  expect(mails.all().length).toBe(before)
})

test("31 requests an hour from one address are one too many", async () => {
  const send = visitor(service, newAddress())
  const ask = (door: string) => send("POST", `/v1/customers/auth/${door}`, { body: { email: newEmail() } })
  const answers = await Promise.all(
    Array.from({ length: 31 }, (_, index) => ask(index % 2 === 0 ? "password/forgot" : "email/resend"))
  )
  const stopped = answers.filter(({ status }) => status !== 202)
  expect(stopped.map(refusalIn)).toEqual([refusal(429, "TOO_MANY_ATTEMPTS")])
  expect(Number(stopped[0]?.headers.get("retry-after"))).toBeGreaterThan(3500)
})

test("a recipient is sent 20 links an hour, however many ask", async () => {
  const { email } = await newPerson(service, mails)
  const answers = await Promise.all(Array.from({ length: 30 }, () => post(service, "password/forgot", { email })))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
  await untilAllSent(database)
  // Beside the mail of her registration.
  expect(mails.to(email)).toHaveLength(1 + 20)
})
