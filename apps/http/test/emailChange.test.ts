import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import {
  logIn,
  loggedIn,
  newPerson,
  type Person,
  post,
  statusesOf,
  tryLogIn,
  verificationIn
} from "./support/accounts.ts"
import { createCustomer, customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { untilAllSent } from "./support/keptText.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

const staff = await staffToken()
const dead = refusal(400, "INVALID_TOKEN")

const verify = (token: string, bearer?: string) => post(service, "email/verify", { token }, { token: bearer })

/** Asks for another address in a session of hers; answers the session and the new address. */
const ask = async (person: Person, email = newEmail()) => {
  const grant = await logIn(service, person)
  const answer = await service.send("POST", `${person.path}/email`, { token: grant.accessToken, body: { email } })
  expect([answer.status, answer.body]).toEqual([202, { success: true, data: { accepted: true } }])
  return { ...grant, email }
}

const emailOf = async ({ path }: Person): Promise<string> =>
  customerIn(await service.send("GET", path, { token: staff })).email

test("a new address takes the place of the old one once it is confirmed, and the old one is told twice", async () => {
  const person = await newPerson(service, mails)
  const asked = await ask(person)
  const warning = await mails.take(person.email, /another mail address/)
  expect(warning.text).not.toContain("#token=")
  expect(warning.text).not.toContain(asked.email)
  expect(await emailOf(person)).toBe(person.email)
  await logIn(service, person)

  const token = await mails.takeToken(asked.email, "verify-email")
  expect(verificationIn(await verify(token, asked.accessToken))).toMatchObject({ customerId: person.id })
  await mails.take(person.email, /no longer used/)
  expect(await emailOf(person)).toBe(asked.email)
  expect(refusalIn(await tryLogIn(service, person))).toEqual(refusal(401, "INVALID_CREDENTIALS"))
  await logIn(service, { ...person, email: asked.email })
  expect(await statusesOf(service, asked)).toEqual(loggedIn)
  const events = await database.rows(
    `SELECT envelope->'data'->>'email' AS email FROM outbox_events
     WHERE customer_id = $1 AND topic = 'customers.profile.updated' AND envelope->'data'->>'email' IS NOT NULL`,
    [person.id]
  )
  expect(events).toEqual([{ email: asked.email }])
})

test("the link works without a log-in, once", async () => {
  const person = await newPerson(service, mails)
  const { email } = await ask(person)
  const token = await mails.takeToken(email, "verify-email")
  const answers = await Promise.all(Array.from({ length: 50 }, () => verify(token)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await emailOf(person)).toBe(email)
})

test("a token of hers is refused in another's session", async () => {
  const [jane, mary] = [await newPerson(service, mails), await newPerson(service, mails)]
  const { email } = await ask(jane)
  const { accessToken } = await logIn(service, mary)
  const token = await mails.takeToken(email, "verify-email")
  expect(refusalIn(await verify(token, accessToken))).toEqual(dead)
  expect([await emailOf(jane), await emailOf(mary)]).toEqual([jane.email, mary.email])
  verificationIn(await verify(token))
  expect([await emailOf(jane), await emailOf(mary)]).toEqual([email, mary.email])
})

test("a newer request ends the older, and a token whose time is over changes nothing", async () => {
  const person = await newPerson(service, mails)
  const first = await ask(person)
  const older = await mails.takeToken(first.email, "verify-email")
  const second = await ask(person)
  const newer = await mails.takeToken(second.email, "verify-email")
  expect(refusalIn(await verify(older))).toEqual(dead)
  await database.rows(
    "UPDATE verification_tokens SET expires_at = now() - interval '1 second' WHERE customer_id = $1",
    [person.id]
  )
  expect(refusalIn(await verify(newer))).toEqual(dead)
  expect(await emailOf(person)).toBe(person.email)
})

test("an address that another has is not given away: the answer is the same, and its owner alone is told", async () => {
  const [jane, mary] = [await newPerson(service, mails), await newPerson(service, mails)]
  await ask(jane, mary.email)
  const mail = await mails.take(mary.email, /another account/)
  expect(mail.text).not.toContain("#token=")
  expect(mail.text).not.toContain(jane.email)
  expect(await emailOf(jane)).toBe(jane.email)
})

test("an address that was taken meanwhile is refused when the link is followed", async () => {
  const person = await newPerson(service, mails)
  const { email } = await ask(person)
  const token = await mails.takeToken(email, "verify-email")
  await createCustomer(service, { email })
  const answer = await verify(token)
  expect(answer.status).toBe(409)
  expect(refusalIn(answer).code).toBe("EMAIL_ALREADY_EXISTS")
  expect(await emailOf(person)).toBe(person.email)
})

test("asking for the address that she has sends nothing; for another spelling of it, a link", async () => {
  const person = await newPerson(service, mails)
  await untilAllSent(database)
  const before = mails.to(person.email).length
  await ask(person, person.email)
  await untilAllSent(database)
  expect(mails.to(person.email)).toHaveLength(before)
  const spelt = person.email.replace("someone", "SomeOne")
  await ask(person, spelt)
  const words = /\/verify-email#token=/
  const sent = await Promise.any([mails.take(spelt, words), mails.take(person.email, words)])
  expect(sent.text).toMatch(words)
})

test("nobody asks for another's, and the same Idempotency-Key asks once", async () => {
  const [jane, mary] = [await newPerson(service, mails), await newPerson(service, mails)]
  const { accessToken: token } = await logIn(service, jane)
  const stranger = await service.send("POST", `${mary.path}/email`, { token, body: { email: newEmail() } })
  expect(refusalIn(stranger)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  const keyed = { token, body: { email: newEmail() }, headers: { "idempotency-key": randomUUID() } }
  for (let time = 0; time < 3; time += 1) {
    expect((await service.send("POST", `${jane.path}/email`, keyed)).status).toBe(202)
  }
  await untilAllSent(database)
  expect(mails.to(keyed.body.email)).toHaveLength(1)
  const other = { ...keyed, body: { email: newEmail() } }
  expect(refusalIn(await service.send("POST", `${jane.path}/email`, other)).code).toBe("IDEMPOTENCY_KEY_REUSED")
})

test("a service may ask for a customer whose address is wrong", async () => {
  const person = await newPerson(service, mails)
  const email = newEmail()
  const token = await serviceToken()
  expect((await service.send("POST", `${person.path}/email`, { token, body: { email } })).status).toBe(202)
  verificationIn(await verify(await mails.takeToken(email, "verify-email")))
  expect(await emailOf(person)).toBe(email)
})
