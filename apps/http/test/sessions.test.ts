import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { type Grant, logIn, loggedIn, newPerson, post, refresh, statusesOf, statusWith } from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import type { Service } from "./support/service.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { mails, service } = await openIdentityScene()

interface SessionView {
  readonly id: string
  readonly openedAt: string
  readonly refreshedAt: string
  readonly userAgent?: string
  readonly current: boolean
}

const sessionsIn = ({ body, status, text }: Answer): ReadonlyArray<SessionView> => {
  expect(status, text).toBe(200)
  return (body as { data: { sessions: ReadonlyArray<SessionView> } }).data.sessions
}

const idsIn = (answer: Answer): ReadonlyArray<string> => sessionsIn(answer).map(({ id }) => id)

const sessionsOf = (target: Service, { accessToken, customerId }: Grant): Promise<Answer> =>
  target.send("GET", `/v1/customers/${customerId}/sessions`, { token: accessToken })

const end = (target: Service, { accessToken, customerId }: Grant, id: string): Promise<Answer> =>
  target.send("DELETE", `/v1/customers/${customerId}/sessions/${id}`, { token: accessToken })

const notFound = refusal(404, "SESSION_NOT_FOUND")

test("her sessions are listed newest first, with the program she used, and the one that asks is marked", async () => {
  const person = await newPerson(service, mails)
  const { email, password } = person
  const first = await logIn(service, person)
  const headers = { "user-agent": "Shop App 7.1" }
  const answer = await post(service, "login", { email, password }, { headers })
  const second = (answer.body as { data: Grant }).data
  const sessions = sessionsIn(await sessionsOf(service, first))
  expect(sessions.map(({ current, id }) => ({ current, id }))).toEqual([
    { id: second.sessionId, current: false },
    { id: first.sessionId, current: true }
  ])
  expect(sessions[0]).toMatchObject({ userAgent: "Shop App 7.1" })
  for (const { openedAt, refreshedAt } of sessions) {
    expect(Math.abs(Date.parse(openedAt) - Date.now())).toBeLessThan(60_000)
    expect(refreshedAt >= openedAt).toBe(true)
  }
  const known = new Set(["id", "openedAt", "refreshedAt", "userAgent", "current"])
  expect(sessions.flatMap((session) => Object.keys(session)).filter((key) => !known.has(key))).toEqual([])
})

test("one session can be ended from another, which goes on", async () => {
  const person = await newPerson(service, mails)
  const [own, other] = [await logIn(service, person), await logIn(service, person)]
  const answer = await end(service, own, other.sessionId)
  expect(idsIn(answer)).toEqual([own.sessionId])
  expect(await statusWith(service, other)).toBe(401)
  expect(idsIn(await sessionsOf(service, own))).toEqual([own.sessionId])
  expect(refusalIn(await end(service, own, other.sessionId))).toEqual(notFound)
  expect(await statusesOf(service, own)).toEqual(loggedIn)
})

test("all can be ended at once, also the one that asks", async () => {
  const person = await newPerson(service, mails)
  const grants = [await logIn(service, person), await logIn(service, person), await logIn(service, person)]
  const token = grants[0]?.accessToken
  const answer = await service.send("DELETE", `${person.path}/sessions`, { token })
  expect(idsIn(answer)).toEqual([])
  for (const grant of grants) expect(await statusesOf(service, grant)).toEqual([401, 401])
  await logIn(service, person)
})

test("another customer's sessions are not found, neither by her path nor by her session's id", async () => {
  const [jane, mary] = [
    await logIn(service, await newPerson(service, mails)),
    await logIn(service, await newPerson(service, mails))
  ]
  const path = `/v1/customers/${mary.customerId}/sessions`
  for (const [method, at] of [
    ["GET", path],
    ["DELETE", path],
    ["DELETE", `${path}/${mary.sessionId}`]
  ] as const) {
    const answer = await service.send(method, at, { token: jane.accessToken })
    expect(refusalIn(answer)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  }
  expect(refusalIn(await end(service, jane, mary.sessionId))).toEqual(notFound)
  expect(refusalIn(await end(service, jane, randomUUID()))).toEqual(notFound)
  expect(refusalIn(await end(service, jane, "nonsense")).status).toBeGreaterThanOrEqual(400)
  expect(await statusesOf(service, mary)).toEqual(loggedIn)
})

test("staff and services may look at them and end them", async () => {
  for (const token of [await staffToken(), await serviceToken()]) {
    const grant = await logIn(service, await newPerson(service, mails))
    const path = `/v1/customers/${grant.customerId}/sessions`
    const [session] = sessionsIn(await service.send("GET", path, { token }))
    expect(session).toMatchObject({ id: grant.sessionId, current: false })
    expect(idsIn(await service.send("DELETE", `${path}/${grant.sessionId}`, { token }))).toEqual([])
    expect(await statusesOf(service, grant)).toEqual([401, 401])
  }
})

test("a log-out with a bearer and no body ends the session that the token names", async () => {
  const person = await newPerson(service, mails)
  const [own, other] = [await logIn(service, person), await logIn(service, person)]
  const answer = await service.send("POST", "/v1/customers/auth/logout", { token: own.accessToken })
  expect(answer.body).toEqual({ success: true, data: { loggedOut: true } })
  expect(await statusesOf(service, own)).toEqual([401, 401])
  expect(await statusesOf(service, other)).toEqual(loggedIn)
})

test("a log-out with a refresh token ends its session, needs no bearer, and may be repeated", async () => {
  const grant = await refresh(service, await logIn(service, await newPerson(service, mails)))
  for (let time = 0; time < 2; time += 1) {
    expect((await post(service, "logout", { refreshToken: grant.refreshToken })).status).toBe(200)
  }
  expect(await statusesOf(service, grant)).toEqual([401, 401])
})

test("a log-out that names no session is refused", async () => {
  for (const token of [undefined, "nonsense", await staffToken(), await serviceToken()]) {
    const answer = await service.send("POST", "/v1/customers/auth/logout", { token })
    expect(refusalIn(answer)).toEqual(refusal(401, "UNAUTHENTICATED"))
  }
})

test("a log-out with a wrong secret ends nobody's session", async () => {
  const grant = await logIn(service, await newPerson(service, mails))
  await post(service, "logout", { refreshToken: `${grant.sessionId}.${"x".repeat(43)}` })
  expect(await statusesOf(service, grant)).toEqual(loggedIn)
})
