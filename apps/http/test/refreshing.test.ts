import { Redis } from "ioredis"
import { afterAll, describe, expect, test } from "vitest"
import {
  type Grant,
  logIn,
  loggedIn,
  loggedOut,
  newPerson,
  post,
  refresh,
  statusesOf,
  statusWith,
  tryRefresh
} from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, redisUrl, service, startAnother } = await openIdentityScene()
const redis = new Redis(redisUrl)
afterAll(() => redis.quit())

const over = refusal(401, "INVALID_REFRESH_TOKEN")

const newGrant = async (): Promise<Grant> => logIn(service, await newPerson(service, mails))

/** Lets time pass for a session: its last refresh was so many seconds earlier than it was. */
const age = async ({ sessionId }: Grant, seconds: number): Promise<void> => {
  const key = `customers:session:${sessionId}`
  const session = JSON.parse((await redis.get(key)) ?? "{}") as { refreshedAt: string }
  const refreshedAt = new Date(Date.parse(session.refreshedAt) - seconds * 1000).toISOString()
  await redis.set(key, JSON.stringify({ ...session, refreshedAt }), "KEEPTTL")
}

test("a refresh gives a new refresh token and a new access token of the same session", async () => {
  const first = await newGrant()
  const second = await refresh(service, first)
  const third = await refresh(service, second)
  expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3)
  expect(third).toMatchObject({
    tokenType: "Bearer",
    expiresIn: 900,
    sessionId: first.sessionId,
    customerId: first.customerId
  })
  expect(await statusWith(service, first)).toBe(200)
  expect(await statusWith(service, third)).toBe(200)
})

test("the answer is kept by no cache", async () => {
  const answer = await tryRefresh(service, await newGrant())
  expect(answer.headers.get("cache-control")).toContain("no-store")
})

describe("the same refresh token sent again", () => {
  test("within ten seconds gives the same follower", async () => {
    const first = await newGrant()
    const once = await refresh(service, first)
    const twice = await refresh(service, first)
    expect(twice.refreshToken).toBe(once.refreshToken)
    expect(await statusesOf(service, twice)).toEqual(loggedIn)
  })

  test("nine seconds later still does, eleven seconds later it ends the session", async () => {
    const first = await newGrant()
    const second = await refresh(service, first)
    await age(first, 9)
    expect((await refresh(service, first)).refreshToken).toBe(second.refreshToken)
    await age(first, 2)
    expect(refusalIn(await tryRefresh(service, first))).toEqual(over)
    expect(await statusesOf(service, second)).toEqual(loggedOut)
  })

  test("after its follower was used ends the session at once", async () => {
    const first = await newGrant()
    const second = await refresh(service, first)
    const third = await refresh(service, second)
    expect(refusalIn(await tryRefresh(service, first))).toEqual(over)
    expect(await statusesOf(service, third)).toEqual(loggedOut)
  })

  test("ends no other session of hers", async () => {
    const person = await newPerson(service, mails)
    const [stolen, other] = [await logIn(service, person), await logIn(service, person)]
    await refresh(service, await refresh(service, stolen))
    expect((await tryRefresh(service, stolen)).status).toBe(401)
    expect(await statusesOf(service, other)).toEqual(loggedIn)
  })
})

describe("50 refreshes at once with one token", () => {
  test("end up with one follower, which goes on", async () => {
    const sibling = await startAnother()
    const first = await newGrant()
    const grants = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(index % 2 === 0 ? service : sibling, first))
    )
    const followers = new Set(grants.map(({ refreshToken }) => refreshToken))
    expect(followers.size).toBe(1)
    for (const refreshToken of followers) {
      const next = await refresh(service, { refreshToken })
      expect(await statusesOf(service, next)).toEqual(loggedIn)
    }
  })
})

test("a refresh token is kept as a digest alone", async () => {
  const first = await newGrant()
  const second = await refresh(service, first)
  const kept = JSON.stringify(await Promise.all((await redis.keys("customers:session:*")).map((key) => redis.get(key))))
  expect(kept).toContain(first.sessionId)
  for (const { refreshToken } of [first, second]) expect(kept).not.toContain(refreshToken.split(".")[1])
})

test("whose account was suspended or closed since refreshes nothing", async () => {
  const staff = await staffToken()
  for (const [method, path] of [
    ["POST", "/suspend"],
    ["DELETE", ""]
  ] as const) {
    const person = await newPerson(service, mails)
    const grant = await logIn(service, person)
    const body = method === "POST" ? { reason: "a test" } : undefined
    expect((await service.send(method, person.path + path, { token: staff, body })).status).toBe(200)
    expect(refusalIn(await tryRefresh(service, grant))).toEqual(over)
  }
})

test("a session of an earlier epoch is not refreshed, even if the store could not be told of its end", async () => {
  const grant = await newGrant()
  await database.rows("UPDATE customer_credentials SET session_epoch = session_epoch + 1 WHERE customer_id = $1", [
    grant.customerId
  ])
  expect(refusalIn(await tryRefresh(service, grant))).toEqual(over)
  expect(await statusesOf(service, grant)).toEqual(loggedOut)
})

test("the secret of one session does not refresh another", async () => {
  const [jane, mary] = [await newGrant(), await newGrant()]
  const mixed = `${jane.sessionId}.${mary.refreshToken.split(".")[1]}`
  expect(refusalIn(await tryRefresh(service, { refreshToken: mixed }))).toEqual(over)
  expect(await statusesOf(service, mary)).toEqual(loggedIn)
})

test("an access token refreshes nothing, and a refresh token opens nothing", async () => {
  const grant = await newGrant()
  expect((await post(service, "refresh", { refreshToken: grant.accessToken })).status).toBeGreaterThanOrEqual(400)
  expect(await statusWith(service, { ...grant, accessToken: grant.refreshToken })).toBe(401)
  expect(await statusesOf(service, grant)).toEqual(loggedIn)
})

test.for(["", ".", "x", `${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}.${"x".repeat(43)}`, "x".repeat(128)])(
  "%j is no refresh token",
  async (refreshToken) => {
    expect(refusalIn(await tryRefresh(service, { refreshToken }))).toEqual(over)
  }
)
