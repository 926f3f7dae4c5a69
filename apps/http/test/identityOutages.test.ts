import { startRedis } from "@customer-service/test-servers"
import { expect, onTestFinished, test, vi } from "vitest"
import {
  type Grant,
  logIn,
  loggedIn,
  loggedOut,
  newPassword,
  newPerson,
  type Person,
  post,
  register,
  statusesOf,
  statusWith,
  tryLogIn,
  tryRefresh,
  verificationIn
} from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, service: home, startAnother } = await openIdentityScene()

const staff = await staffToken()
const away = refusal(503, "SERVICE_UNAVAILABLE")

/** A service on a Redis of its own, with somebody logged in. */
const alone = async () => {
  const redis = await startRedis()
  onTestFinished(redis.destroy)
  const service = await startAnother({ REDIS_URL: redis.url })
  onTestFinished(service.stop)
  const person = await newPerson(service, mails)
  return { redis, service, person, grant: await logIn(service, person) }
}

test("while Redis is away nobody logs in or refreshes, and whoever has an access token works on", async () => {
  const { grant, person, redis, service } = await alone()
  await redis.stop()
  const login = await tryLogIn(service, person)
  expect(refusalIn(login)).toEqual(away)
  expect(Number(login.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(refusalIn(await tryRefresh(service, grant))).toEqual(away)
  expect(await statusWith(service, grant)).toBe(200)
  const body = { profile: { firstName: "Jane" } }
  expect((await service.send("PUT", person.path, { token: grant.accessToken, body })).status).toBe(200)
  await redis.start()
  await vi.waitUntil(async () => (await tryLogIn(service, person)).status === 200, { timeout: 10_000 })
  expect(await statusesOf(service, grant)).toEqual(loggedIn)
})

test("while Redis hangs a login is refused within seconds", async () => {
  const { grant, person, redis, service } = await alone()
  await redis.pause()
  onTestFinished(redis.resume)
  const started = performance.now()
  expect(refusalIn(await tryLogIn(service, person))).toEqual(away)
  expect(await statusWith(service, grant)).toBe(200)
  expect(performance.now() - started).toBeLessThan(5000)
  await redis.resume()
})

test("while Redis is away passwords are not guessed any faster", async () => {
  const { person, redis, service } = await alone()
  await redis.stop()
  const guesses = { known: person.email, unknown: newEmail() }
  for (const email of Object.values(guesses)) {
    const statuses: Array<number> = []
    for (let guess = 0; guess < 15; guess += 1) {
      statuses.push((await tryLogIn(service, { email, password: newPassword() })).status)
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10)
    expect(statuses.slice(10)).toEqual([429, 429, 429, 429, 429])
  }
})

const endings: ReadonlyArray<readonly [string, (service: Service, person: Person, grant: Grant) => Promise<number>]> = [
  [
    "a suspension",
    async (service, { path }) =>
      (await service.send("POST", `${path}/suspend`, { token: staff, body: { reason: "a test" } })).status
  ],
  ["a deactivation", async (service, { path }) => (await service.send("DELETE", path, { token: staff })).status],
  [
    "a password reset",
    async (service, { email }) => {
      await post(service, "password/forgot", { email })
      const token = await mails.takeToken(email, "reset-password")
      return (await post(service, "password/reset", { token, newPassword: newPassword() })).status
    }
  ]
]

test.for(endings)("what had to end by %s while Redis was away is ended when it is back", async ([, end]) => {
  const { grant, person, redis, service } = await alone()
  await redis.stop()
  expect(await end(service, person, grant)).toBe(200)
  await redis.start()
  await vi.waitUntil(async () => (await statusWith(service, grant)) === 401, { timeout: 20_000 })
  expect(await statusesOf(service, grant)).toEqual(loggedOut)
})

test("what had to end while Redis was away is not refreshed even if the process that ended it is gone", async () => {
  const { grant, person, redis, service } = await alone()
  await redis.stop()
  const token = staff
  const suspended = await service.send("POST", `${person.path}/suspend`, { token, body: { reason: "a test" } })
  expect(suspended.status).toBe(200)
  await service.stop()
  await redis.start()
  const sibling = await startAnother({ REDIS_URL: redis.url })
  onTestFinished(sibling.stop)
  expect((await tryRefresh(sibling, grant)).status).toBe(401)
})

/** What was refused is tried again after a minute: that minute is over. */
const passTime = () => database.rows("UPDATE mail_queue SET due_at = now() WHERE attempts > 0")

test("while the mail server is away everything is answered, and the mails arrive when it is back", async () => {
  await mails.close()
  const person = { email: newEmail(), password: newPassword() }
  expect((await register(home, person)).status).toBe(202)
  await vi.waitUntil(
    async () =>
      (await database.rows("SELECT 1 FROM mail_queue WHERE recipient = $1 AND attempts > 0", [person.email])).length >
      0,
    { timeout: 10_000 }
  )
  expect(mails.to(person.email)).toEqual([])
  await mails.open()
  await vi.waitUntil(
    async () => {
      await passTime()
      return mails.to(person.email).length > 0
    },
    { timeout: 15_000, interval: 500 }
  )
  const token = await mails.takeToken(person.email, "verify-email")
  verificationIn(await post(home, "email/verify", { token }))
  await logIn(home, person)
})
