import { Redis } from "ioredis"
import { afterAll, describe, expect, test, vi } from "vitest"
import {
  type Grant,
  logIn,
  newPassword,
  newPerson,
  type Person,
  post,
  resetToken,
  statusWith,
  tryRefresh
} from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import type { Service } from "./support/service.ts"
import { staffToken } from "./support/tokens.ts"

const { mails, redisUrl, service, startAnother } = await openIdentityScene({ SESSION_TIMEOUT: "10" })
const redis = new Redis(redisUrl)
afterAll(() => redis.quit())

const sibling = await startAnother()
const alone = await startAnother({ REDIS_URL: "" })
const staff = await staffToken()

type Scene = readonly [string, Service, ReadonlyArray<Service>]

/** Where a session is opened, and the processes that share it. */
const scenes: ReadonlyArray<Scene> = [
  ["in Redis, on every replica", service, [service, sibling]],
  ["in memory", alone, [alone]]
]

const byStaff = async (target: Service, method: string, path: string, fields?: object) => {
  const body = method === "POST" ? { reason: "a test", ...fields } : undefined
  expect((await target.send(method, path, { token: staff, body })).status).toBe(200)
}

/** What ends a session, in the words of its test. */
const endings: ReadonlyArray<readonly [string, (target: Service, person: Person, grant: Grant) => Promise<void>]> = [
  [
    "a log-out",
    async (target, _, { accessToken: token }) => {
      expect((await target.send("POST", "/v1/customers/auth/logout", { token })).status).toBe(200)
    }
  ],
  [
    "its end by her own hand",
    async (target, { path }, { accessToken: token, sessionId }) => {
      expect((await target.send("DELETE", `${path}/sessions/${sessionId}`, { token })).status).toBe(200)
    }
  ],
  ["the end of all", (target, { path }) => byStaff(target, "DELETE", `${path}/sessions`)],
  ["a suspension", (target, { path }) => byStaff(target, "POST", `${path}/suspend`)],
  ["a deactivation", (target, { path }) => byStaff(target, "DELETE", path)],
  ["an erasure", (target, { path }) => byStaff(target, "POST", `${path}/erasure`, { when: "now" })],
  [
    "a password reset",
    async (target, { email }) => {
      const token = await resetToken(target, mails, email)
      expect((await post(target, "password/reset", { token, newPassword: newPassword() })).status).toBe(200)
    }
  ],
  [
    "a password change in another session",
    async (target, person) => {
      const { accessToken: token } = await logIn(target, person)
      const body = { currentPassword: person.password, newPassword: newPassword() }
      expect((await target.send("POST", `${person.path}/password`, { token, body })).status).toBe(200)
    }
  ]
]

/** Reads so often that the token is known by heart and the customer comes out of the cache. */
const warm = async (targets: ReadonlyArray<Service>, grant: Grant): Promise<void> => {
  for (const target of targets) {
    for (let read = 0; read < 5; read += 1) expect(await statusWith(target, grant)).toBe(200)
  }
}

const requestsOf = ({ customerId }: Grant) => {
  const path = `/v1/customers/${customerId}`
  const address = { street: "1 Main St", city: "Berlin", country: "DE" }
  return [
    ["GET", path],
    ["GET", `${path}/addresses`],
    ["GET", `${path}/sessions`],
    ["PUT", path, { profile: { firstName: "Eve" } }],
    ["POST", `${path}/addresses`, address],
    ["POST", `${path}/email`, { email: "eve@example.com" }],
    ["DELETE", path]
  ] as const
}

describe.for(scenes)("an access token whose session is kept %s", ([, home, everywhere]) => {
  test.for(endings)("is refused at once after %s, on each path, cached or not", async ([, end]) => {
    const person = await newPerson(home, mails)
    const grant = await logIn(home, person)
    await warm(everywhere, grant)
    await end(home, person, grant)
    for (const target of everywhere) {
      for (const [method, path, body] of requestsOf(grant)) {
        const answer = await target.send(method, path, { token: grant.accessToken, body })
        expect([method, path, answer.status]).toEqual([method, path, 401])
      }
      expect((await tryRefresh(target, grant)).status).toBe(401)
    }
  })
})

describe("a session that nobody uses for SESSION_TIMEOUT", () => {
  const key = ({ sessionId }: Grant) => `customers:session:${sessionId}`

  test("is over: neither of its tokens is good any more", async () => {
    const grant = await logIn(service, await newPerson(service, mails))
    await warm([service], grant)
    await redis.pexpire(key(grant), 1)
    await vi.waitUntil(async () => (await redis.exists(key(grant))) === 0)
    expect(await statusWith(service, grant)).toBe(401)
    expect((await tryRefresh(service, grant)).status).toBe(401)
  })

  test.for([
    ["a read", (grant: Grant) => statusWith(service, grant)],
    [
      "a write",
      async ({ accessToken: token, customerId }: Grant) =>
        (await service.send("PUT", `/v1/customers/${customerId}`, { token, body: { profile: { firstName: "J" } } }))
          .status
    ],
    ["a refresh", async (grant: Grant) => (await tryRefresh(service, grant)).status]
  ] as const)("%s starts its time anew", async ([, use]) => {
    const grant = await logIn(service, await newPerson(service, mails))
    expect(await redis.pttl(key(grant))).toBeGreaterThan(5000)
    await warm([service], grant)
    await redis.pexpire(key(grant), 3000)
    expect(await use(grant)).toBe(200)
    const left = await redis.pttl(key(grant))
    expect(left).toBeGreaterThan(5000)
    expect(left).toBeLessThanOrEqual(10_000)
  })
})
