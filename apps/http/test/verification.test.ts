import { describe, expect, test } from "vitest"
import {
  type Credentials,
  logIn,
  loggedOut,
  newPassword,
  newPerson,
  post,
  register,
  resetToken,
  statusesOf,
  tryLogIn,
  verificationIn
} from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { keptText, untilAllSent } from "./support/keptText.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { customerToken, staffToken } from "./support/tokens.ts"

const { database, mails, service, startAnother } = await openIdentityScene()

const refused = refusal(401, "INVALID_CREDENTIALS")
const dead = refusal(400, "INVALID_TOKEN")

const verify = (token: string, bearer?: string) => post(service, "email/verify", { token }, { token: bearer })

/** Registers the address with a password of its own; answers both, and the secret of its link. */
const registered = async (email: string) => {
  const person: Credentials = { email, password: newPassword() }
  await register(service, person)
  return { ...person, token: await mails.takeToken(email, "verify-email") }
}

const resent = async (email: string): Promise<string> => {
  expect((await post(service, "email/resend", { email })).status).toBe(202)
  return mails.takeToken(email, "verify-email")
}

describe("of two registrations of one address", () => {
  test.for(["first", "second"] as const)("the link of the %s decides whose password stands", async (which) => {
    const email = newEmail()
    const first = await registered(email)
    const second = await registered(email)
    const [stands, falls] = which === "first" ? [first, second] : [second, first]
    expect(refusalIn(await tryLogIn(service, second))).toEqual(refused)
    expect(verificationIn(await verify(stands.token))).toMatchObject({ passwordRequired: false })
    expect(refusalIn(await tryLogIn(service, falls))).toEqual(refused)
    expect(refusalIn(await verify(falls.token))).toEqual(dead)
    await logIn(service, stands)
  })

  test("a link that was sent again leaves no password, so that neither can have prepared the account", async () => {
    const email = newEmail()
    const first = await registered(email)
    const second = await registered(email)
    const token = await resent(email)
    expect(verificationIn(await verify(token))).toMatchObject({ passwordRequired: true })
    for (const { password } of [first, second]) {
      expect(refusalIn(await tryLogIn(service, { email, password }))).toEqual(refused)
    }
    const newest = newPassword()
    const body = { token: await resetToken(service, mails, email), newPassword: newest }
    expect((await post(service, "password/reset", body)).status).toBe(200)
    await logIn(service, { email, password: newest })
  })

  test("the one who is logged in without having verified is logged out when the other follows her link", async () => {
    const lenient = await startAnother({ EMAIL_VERIFICATION_REQUIRED: "false" })
    const stranger = { email: newEmail(), password: newPassword() }
    await register(lenient, stranger)
    const grant = await logIn(lenient, stranger)
    await mails.takeToken(stranger.email, "verify-email")
    const owner = await registered(stranger.email)
    verificationIn(await verify(owner.token))
    expect(await statusesOf(lenient, grant)).toEqual(loggedOut)
    await logIn(service, owner)
  })
})

test("a link that was sent again verifies the only registration, whose password stands", async () => {
  const person = await registered(newEmail())
  const token = await resent(person.email)
  expect(verificationIn(await verify(token))).toMatchObject({ passwordRequired: false })
  await logIn(service, person)
})

test("a newer link ends the older", async () => {
  const { email, token } = await registered(newEmail())
  const second = await resent(email)
  const third = await resent(email)
  expect(refusalIn(await verify(token))).toEqual(dead)
  expect(refusalIn(await verify(second))).toEqual(dead)
  verificationIn(await verify(third))
})

test("a link whose time is over verifies nothing", async () => {
  const person = await registered(newEmail())
  await database.rows(
    `UPDATE verification_tokens SET expires_at = now() - interval '1 second'
     FROM customers WHERE customers.id = customer_id AND email = $1`,
    [person.email]
  )
  expect(refusalIn(await verify(person.token))).toEqual(dead)
  expect(refusalIn(await tryLogIn(service, person))).toEqual(refusal(403, "EMAIL_NOT_VERIFIED"))
})

test("a link is good for VERIFICATION_TOKEN_HOURS", async () => {
  const { email } = await registered(newEmail())
  const [token] = await database.rows(
    `SELECT extract(epoch FROM expires_at - now()) / 3600 AS hours FROM verification_tokens
     JOIN customers ON customers.id = customer_id WHERE email = $1`,
    [email]
  )
  expect(Number(token?.["hours"])).toBeGreaterThan(23.9)
  expect(Number(token?.["hours"])).toBeLessThanOrEqual(24)
})

test("of 50 uses of one link at once exactly one succeeds", async () => {
  const person = await registered(newEmail())
  const answers = await Promise.all(Array.from({ length: 50 }, () => verify(person.token)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 200)) expect(refusalIn(answer)).toEqual(dead)
  const verified = await database.rows(`SELECT version FROM customers WHERE email = $1 AND email_verified`, [
    person.email
  ])
  expect(verified).toHaveLength(1)
  await logIn(service, person)
})

test("a token is kept as a digest alone", async () => {
  const { email, token } = await registered(newEmail())
  const again = await resent(email)
  const reset = await resetToken(service, mails, email)
  const kept = await keptText(database)
  for (const secret of [token, again, reset]) {
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(kept).not.toContain(secret)
  }
})

test("a link serves its own purpose and nobody else's", async () => {
  const { email, token } = await registered(newEmail())
  const reset = await resetToken(service, mails, email)
  expect(refusalIn(await verify(reset))).toEqual(dead)
  const misused = await post(service, "password/reset", { token, newPassword: newPassword() })
  expect(refusalIn(misused)).toEqual(dead)
  const mary = await newPerson(service, mails)
  const grant = await logIn(service, mary)
  for (const bearer of [grant.accessToken, await customerToken(mary.id)]) {
    expect(refusalIn(await verify(token, bearer))).toEqual(dead)
  }
  verificationIn(await verify(token, await staffToken()))
})

test("with an access token that is no good the link works all the same", async () => {
  const { token } = await registered(newEmail())
  verificationIn(await verify(token, "nonsense"))
})

test.for(["", "x", "x".repeat(43), "x".repeat(64), "é".repeat(43)])("%j verifies nothing", async (token) => {
  const answer = await verify(token)
  expect(answer.status).toBe(400)
  expect(["INVALID_TOKEN", "VALIDATION_FAILED"]).toContain(refusalIn(answer).code)
})

test("resending to an address that is verified, closed or nobody's sends nothing", async () => {
  const verified = await newPerson(service, mails)
  const closed = await registered(newEmail())
  await database.rows("UPDATE customers SET status = 'inactive', deleted_at = now() WHERE email = $1", [closed.email])
  const addresses = [verified.email, closed.email, newEmail()]
  const before = mails.all().length
  for (const email of addresses) expect((await post(service, "email/resend", { email })).status).toBe(202)
  await untilAllSent(database)
  expect(mails.all().length).toBe(before)
})
