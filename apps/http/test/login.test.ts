import { decodeJwt } from "jose"
import { describe, expect, test } from "vitest"
import { type Credentials, logIn, newPassword, newPerson, register, tryLogIn } from "./support/accounts.ts"
import { createCustomer, customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

const staff = await staffToken()
const refused = refusal(401, "INVALID_CREDENTIALS")
const wrongly = (person: Credentials): Credentials => ({ ...person, password: newPassword() })

const decide = async (path: string, decision: "suspend" | "reactivate") =>
  expect((await service.send("POST", `${path}/${decision}`, { token: staff, body: { reason: "a test" } })).status).toBe(
    200
  )

test("a login gives an access token for fifteen minutes, bound to its session, and what to refresh it with", async () => {
  const person = await newPerson(service, mails)
  const answer = await tryLogIn(service, person)
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({
    success: true,
    data: {
      accessToken: expect.any(String),
      tokenType: "Bearer",
      expiresIn: 900,
      refreshToken: expect.any(String),
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customerId: person.id
    }
  })
  expect(answer.headers.get("cache-control")).toContain("no-store")
  const { accessToken, sessionId } = await logIn(service, person)
  const claims = decodeJwt(accessToken)
  expect(claims).toMatchObject({ sub: person.id, sid: sessionId, scope: "customers:read customers:write" })
  expect((claims.exp ?? 0) - Date.now() / 1000).toBeGreaterThan(890)
  expect((claims.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(900)
})

test("the access token opens her own record alone, to read and to write", async () => {
  const [jane, mary] = [await newPerson(service, mails), await newPerson(service, mails)]
  const { accessToken: token } = await logIn(service, jane)
  const body = { profile: { firstName: "Jane" } }
  expect((await service.send("GET", jane.path, { token })).status).toBe(200)
  expect((await service.send("PUT", jane.path, { token, body })).status).toBe(200)
  for (const method of ["GET", "PUT", "DELETE"]) {
    const answer = await service.send(method, mary.path, { token, body: method === "PUT" ? body : undefined })
    expect(refusalIn(answer)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  }
  const forbidden = await service.send("POST", `${jane.path}/suspend`, { token, body: { reason: "x" } })
  expect(refusalIn(forbidden)).toEqual(refusal(403, "FORBIDDEN"))
})

test("the address may be typed in any capitals, the password may not", async () => {
  const person = await newPerson(service, mails)
  await logIn(service, { ...person, email: person.email.toUpperCase() })
  const shouted = { ...person, password: person.password.toUpperCase() }
  expect(refusalIn(await tryLogIn(service, shouted))).toEqual(refused)
})

test("a login is noted: on the customer, and in the audit with the request's correlation id", async () => {
  const person = await newPerson(service, mails)
  const path = "/v1/customers/auth/login"
  const headers = { "x-correlation-id": `login-of-${person.id}` }
  const { email, password } = person
  const started = Date.now()
  expect((await service.send("POST", path, { body: { email, password }, headers })).status).toBe(200)
  const seen = customerIn(await service.send("GET", person.path, { token: staff }))
  const at = Date.parse(String(new Map(Object.entries(seen)).get("lastLoginAt")))
  expect(Math.abs(at - started)).toBeLessThan(5000)
  const audits = await database.rows(
    "SELECT action, actor FROM customer_audits WHERE customer_id = $1 AND correlation_id = $2",
    [person.id, headers["x-correlation-id"]]
  )
  expect(audits).toEqual([{ action: "logged_in", actor: person.id }])
})

describe("whoever cannot log in", () => {
  test("is told the same for a wrong password, an unknown address, a closed account and one without password", async () => {
    const closed = await newPerson(service, mails)
    await service.send("DELETE", closed.path, { token: staff })
    const attempts = [
      wrongly(await newPerson(service, mails)),
      { email: newEmail(), password: newPassword() },
      closed,
      { email: (await createCustomer(service)).email, password: newPassword() }
    ]
    const answers = await Promise.all(attempts.map((attempt) => tryLogIn(service, attempt)))
    expect(answers.map(refusalIn)).toEqual(attempts.map(() => refused))
    const bodies = answers.map(({ headers, text }) => text.replace(headers.get("x-correlation-id") ?? "", ""))
    expect(new Set(bodies).size).toBe(1)
  })

  test("is told that her address is not verified after the right password alone", async () => {
    const person = { email: newEmail(), password: newPassword() }
    await register(service, person)
    expect(refusalIn(await tryLogIn(service, wrongly(person)))).toEqual(refused)
    expect(refusalIn(await tryLogIn(service, person))).toEqual(refusal(403, "EMAIL_NOT_VERIFIED"))
  })

  test("is told that she is suspended after the right password alone, until she is let in again", async () => {
    const person = await newPerson(service, mails)
    await decide(person.path, "suspend")
    expect(refusalIn(await tryLogIn(service, wrongly(person)))).toEqual(refused)
    expect(refusalIn(await tryLogIn(service, person))).toEqual(refusal(403, "ACCOUNT_SUSPENDED"))
    await decide(person.path, "reactivate")
    await logIn(service, person)
  })

  test("no session was opened for her", async () => {
    const person = await newPerson(service, mails)
    await decide(person.path, "suspend")
    await tryLogIn(service, person)
    await decide(person.path, "reactivate")
    const sessions = await service.send("GET", `${person.path}/sessions`, { token: staff })
    expect(sessions.body).toEqual({ success: true, data: { sessions: [] } })
  })
})

test.for([
  [{ email: "jane@example.com" }, "VALIDATION_FAILED", "password"],
  [{ password: "x" }, "VALIDATION_FAILED", "email"],
  [{ email: "jane", password: "x" }, "INVALID_EMAIL_FORMAT", "email"],
  [{ email: "jane@example.com", password: 7 }, "VALIDATION_FAILED", "password"],
  [{ email: "jane@example.com", password: "x", remember: true }, "VALIDATION_FAILED", "remember"]
] as const)("the body %j is refused, naming what is wrong", async ([body, code, path]) => {
  const answer = await service.send("POST", "/v1/customers/auth/login", { body })
  expect(refusalIn(answer)).toEqual(refusal(400, code, path))
})
