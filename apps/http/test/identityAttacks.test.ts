import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { grantIn, logIn, newPassword, newPerson, post, register, resetToken, tryLogIn } from "./support/accounts.ts"
import { openIdentityScene, publicUrl } from "./support/identityScene.ts"
import { untilAllSent } from "./support/keptText.ts"
import { tokenIn } from "./support/mailText.ts"
import { exchange } from "./support/rawExchange.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

const staff = await staffToken()
const auth = "/v1/customers/auth"
const jane = await newPerson(service, mails)
const mary = await newPerson(service, mails)
const own = await logIn(service, jane)
const secret = "x".repeat(43)

/** Every door with a body that could be good, and whose token it needs. */
const doors: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string?]> = [
  [`${auth}/register`, { email: newEmail(), password: newPassword() }],
  [`${auth}/login`, { email: newEmail(), password: "x" }],
  [`${auth}/refresh`, { refreshToken: own.refreshToken }],
  [`${auth}/logout`, { refreshToken: own.refreshToken }],
  [`${auth}/email/verify`, { token: secret }],
  [`${auth}/email/resend`, { email: newEmail() }],
  [`${auth}/password/forgot`, { email: newEmail() }],
  [`${auth}/password/reset`, { token: secret, newPassword: newPassword() }],
  [`${jane.path}/password`, { currentPassword: jane.password, newPassword: newPassword() }, own.accessToken],
  [`${jane.path}/email`, { email: newEmail() }, own.accessToken],
  [`${jane.path}/phone/confirm`, { code: "123456" }, own.accessToken],
  [`${jane.path}/suspend`, { reason: "x" }, staff],
  [`${jane.path}/reactivate`, { reason: "x" }, staff]
]

const named = doors.map(([path, ...rest]) => [path.replace(jane.id, "{id}"), path, ...rest] as const)

describe.for(named)("%s", ([, path, body, token]) => {
  test.for(["customerId", "customer_id", "sub", "id", "sid", "sessionId", "scope", "emailVerified", "status", "role"])(
    "%s in a body moves nobody: it is refused",
    async (field) => {
      const before = await database.contents()
      const answer = await service.send("POST", path, { token, body: { ...body, [field]: mary.id } })
      expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", field))
      expect(await database.contents()).toEqual(before)
    }
  )

  test("typed objects in JSON are refused and poison nothing", async () => {
    const [first = ""] = Object.keys(body)
    const rest = JSON.stringify(body).slice(1)
    const bodies = [
      `{"__proto__":{"isAdmin":true},${rest}`,
      `{"constructor":{"prototype":{"isAdmin":true}},${rest}`,
      `{"@type":"com.example.Exploit",${rest}`,
      `{"${first}":{"$ne":null}}`,
      `{"${first}":["a","b"]}`,
      `{"${first}":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
      "[]",
      '"text"'
    ]
    for (const text of bodies) {
      const { status } = await service.send("POST", path, { token, body: text })
      expect([text.slice(0, 60), status]).toEqual([text.slice(0, 60), 400])
    }
    expect({}).not.toHaveProperty("isAdmin")
  })

  test.for(Object.keys(body))("60 KiB of %s are refused within 50 ms, in few words", async (field) => {
    const times: Array<number> = []
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const started = performance.now()
      const answer = await service.send("POST", path, { token, body: { ...body, [field]: "x".repeat(60 * 1024) } })
      times.push(performance.now() - started)
      expect([400, 401]).toContain(answer.status)
      expect(answer.text.length).toBeLessThan(2000)
    }
    expect(times.toSorted((one, other) => one - other)[2]).toBeLessThan(50)
  })
})

describe("several addresses, HTML or line breaks in an email", () => {
  const evil = newEmail()
  const addresses = [
    `a@example.com,${evil}`,
    `a@example.com;${evil}`,
    `a@example.com ${evil}`,
    `"<b>bold</b>"@example.com`,
    `<b>${evil}</b>`,
    `a@example.com>,<${evil}`,
    `Eve <${evil}>`,
    `a@example.com\r\nBcc: ${evil}`,
    `a@example.com\nBcc:${evil}`,
    `a\r@example.com`,
    `a@example.com\u0000`,
    `a@example.com\u2028${evil}`,
    `a@@example.com`,
    `a@[127.0.0.1]`,
    `javascript:alert(1)@example.com/<script>`,
    "m\u0130ke@example.com",
    "mi\u212ae@example.com",
    ["a@example.com", evil],
    { address: evil }
  ]

  test.for(addresses)("%j is refused, and no mail is sent", async (email) => {
    const before = mails.all().length
    const answers = [
      await post(service, "register", { email, password: newPassword() }),
      await post(service, "login", { email, password: newPassword() }),
      await post(service, "password/forgot", { email }),
      await post(service, "email/resend", { email }),
      await service.send("POST", `${jane.path}/email`, { token: own.accessToken, body: { email } })
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
    await untilAllSent(database)
    expect(mails.all().length).toBe(before)
  })

  test("what somebody types into a form stands in no mail", async () => {
    const person = { email: newEmail(), password: newPassword() }
    const profile = { firstName: "<a href='https://evil.example'>Click</a>", lastName: "Visit evil.example" }
    await register(service, { ...person, profile })
    const mail = await mails.take(person.email)
    expect(mail.raw + mail.text + mail.subject).not.toContain("evil")
    expect(mail.raw + mail.text).not.toContain(person.password)
  })
})

test("a mail's link leads to PUBLIC_URL, whatever the request says of its host", async () => {
  const { email } = await newPerson(service, mails)
  const { host } = new URL(service.url)
  const body = JSON.stringify({ email })
  for (const given of ["evil.example", host]) {
    const head = [
      `POST ${auth}/password/forgot HTTP/1.1`,
      `Host: ${given}`,
      "X-Forwarded-Host: evil.example",
      "X-Forwarded-Proto: gopher",
      "Forwarded: host=evil.example;proto=gopher",
      "X-Original-URL: https://evil.example/",
      "Origin: https://evil.example",
      "Referer: https://evil.example/",
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      "Connection: close"
    ]
    expect(await exchange(service.url, `${head.join("\r\n")}\r\n\r\n${body}`)).toMatch(/^HTTP\/1\.1 202 /)
    const mail = await mails.take(email, /reset-password/)
    expect(mail.text).toContain(`${publicUrl}/reset-password#token=${tokenIn(mail)}`)
    expect(mail.raw + mail.text).not.toMatch(/evil|gopher/)
  }
})

test("a token that was mailed is in no answer, list, export, event or stored answer", async () => {
  const person = await newPerson(service, mails)
  const grant = await logIn(service, person)
  const changed = newEmail()
  const token = grant.accessToken
  const key = { "idempotency-key": randomUUID() }
  const answers = [
    await service.send("POST", `${person.path}/email`, { token, body: { email: changed }, headers: key }),
    await post(service, "password/forgot", { email: person.email }),
    await post(service, "email/resend", { email: person.email })
  ]
  const secrets = [
    await mails.takeToken(changed, "verify-email"),
    await mails.takeToken(person.email, "reset-password")
  ]
  for (const path of ["", "/sessions", "/export", "/consents", "/addresses"]) {
    answers.push(await service.send("GET", person.path + path, { token }))
  }
  answers.push(
    await service.send("GET", `/v1/customers?email=${encodeURIComponent(person.email)}`, { token: staff }),
    await service.send("GET", `${person.path}/export`, { token: staff }),
    await service.send("GET", "/metrics")
  )
  const kept = JSON.stringify(await database.contents())
  const said = JSON.stringify(answers.map(({ headers, text }) => [text, ...headers]))
  for (const value of [...secrets, grant.refreshToken.split(".")[1], person.password]) {
    expect(value).toBeTruthy()
    expect(said + kept).not.toContain(value)
  }
})

test("many logins at once each get their own session", async () => {
  const people = await Promise.all(Array.from({ length: 15 }, () => newPerson(service, mails)))
  const grants = await Promise.all(
    [...people, ...people].map(async (person) => ({ person, grant: grantIn(await tryLogIn(service, person)) }))
  )
  expect(new Set(grants.map(({ grant }) => grant.sessionId)).size).toBe(30)
  const seen = await Promise.all(
    grants.map(async ({ grant, person }) => ({
      person,
      grant,
      answer: await service.send("GET", `/v1/customers/${grant.customerId}`, { token: grant.accessToken })
    }))
  )
  for (const { answer, grant, person } of seen) {
    expect(grant.customerId).toBe(person.id)
    expect(answer.body).toMatchObject({ data: { customer: { id: person.id, email: person.email } } })
  }
})

test.for(["'", "' OR '1'='1", "%27", "$1", "\\'; --", "../../etc/passwd", "%00", "*"])(
  "%s is neither a session nor a token",
  async (text) => {
    const path = `${jane.path}/sessions/${encodeURIComponent(text)}`
    const statuses = [
      (await service.send("DELETE", path, { token: own.accessToken })).status,
      (await post(service, "email/verify", { token: text })).status,
      (await post(service, "password/reset", { token: text, newPassword: newPassword() })).status,
      (await post(service, "refresh", { refreshToken: text })).status
    ]
    for (const status of statuses) expect([400, 401, 404]).toContain(status)
  }
)

test("a reset that was asked for in another's name gives nothing to who asked", async () => {
  const asked = await post(service, "password/forgot", { email: mary.email }, { token: own.accessToken })
  expect(asked.body).toEqual({ success: true, data: { accepted: true } })
  const token = await mails.takeToken(mary.email, "reset-password")
  expect(asked.text).not.toContain(token)
  const newest = await resetToken(service, mails, mary.email)
  expect(refusalIn(await post(service, "password/reset", { token, newPassword: newPassword() }))).toEqual(
    refusal(400, "INVALID_TOKEN")
  )
  expect((await post(service, "password/reset", { token: newest, newPassword: newPassword() })).status).toBe(200)
})
