import { describe, expect, test } from "vitest"
import {
  type Credentials,
  logIn,
  newAddress,
  newPassword,
  newPerson,
  post,
  refresh,
  resetToken,
  statusWith,
  tryLogIn,
  visitor
} from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import { newEmail } from "./support/scene.ts"
import type { Service } from "./support/service.ts"

const { mails, service, startAnother } = await openIdentityScene()

const path = "/v1/customers/auth/login"
const refused = refusal(401, "INVALID_CREDENTIALS")
const locked = refusal(429, "TOO_MANY_ATTEMPTS")
const unknown = (): Credentials => ({ email: newEmail(), password: newPassword() })

/** Tries so many wrong passwords on an account, one after the other, each from a network address of its own. */
const guess = async (target: Service, { email }: Pick<Credentials, "email">, count: number) => {
  const answers: Array<Answer> = []
  for (let attempt = 0; attempt < count; attempt += 1) {
    answers.push(await tryLogIn(target, { email, password: newPassword() }))
  }
  return answers
}

const retryAfter = ({ headers }: Answer): number => Number(headers.get("retry-after"))

const expectLocked = (answer: Answer): void => {
  expect(refusalIn(answer)).toEqual(locked)
  expect(retryAfter(answer)).toBeGreaterThan(880)
  expect(retryAfter(answer)).toBeLessThanOrEqual(900)
}

describe("after 10 wrong passwords", () => {
  test("an account answers 429 with Retry-After for 15 minutes, an unknown address alike", async () => {
    const person = await newPerson(service, mails)
    const stranger = unknown()
    for (const { email, password } of [person, stranger]) {
      expect((await guess(service, { email }, 10)).map(refusalIn)).toEqual(Array.from({ length: 10 }, () => refused))
      expectLocked(await tryLogIn(service, { email, password: newPassword() }))
      expectLocked(await tryLogIn(service, { email: email.toUpperCase(), password }))
    }
    const [known, nobody] = [await tryLogIn(service, person), await tryLogIn(service, stranger)]
    const told = ({ headers, text }: Answer) => text.replace(headers.get("x-correlation-id") ?? "", "")
    expect(told(known)).toBe(told(nobody))
  })

  test("the refusal comes within a second, and trying on does not prolong the wait", async () => {
    const stranger = unknown()
    await guess(service, stranger, 10)
    const first = retryAfter(await tryLogIn(service, stranger))
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const started = performance.now()
      const answer = await tryLogIn(service, stranger)
      expect(performance.now() - started).toBeLessThan(1000)
      expect(retryAfter(answer)).toBeLessThanOrEqual(first)
    }
  })

  test("the owner's open session works on, and is refreshed", async () => {
    const person = await newPerson(service, mails)
    const grant = await logIn(service, person)
    await guess(service, person, 10)
    expectLocked(await tryLogIn(service, person))
    expect(await statusWith(service, grant)).toBe(200)
    expect(await statusWith(service, await refresh(service, grant))).toBe(200)
  })

  test("the owner gets in at once by setting a new password", async () => {
    const person = await newPerson(service, mails)
    await guess(service, person, 10)
    const password = newPassword()
    const body = { token: await resetToken(service, mails, person.email), newPassword: password }
    expect((await post(service, "password/reset", body)).status).toBe(200)
    await logIn(service, { email: person.email, password })
  })

  test("another account is tried as before, also from the same network address", async () => {
    const [stranger, person] = [unknown(), await newPerson(service, mails)]
    const send = visitor(service)
    for (let attempt = 0; attempt < 11; attempt += 1) await send("POST", path, { body: stranger })
    const { email, password } = person
    expect((await send("POST", path, { body: { email, password } })).status).toBe(200)
  })

  test("every replica knows", async () => {
    const sibling = await startAnother()
    const stranger = unknown()
    await guess(service, stranger, 10)
    expectLocked(await tryLogIn(sibling, stranger))
  })
})

test("of 50 passwords tried at once on one account no more than 10 are looked at", async () => {
  const stranger = unknown()
  const answers = await Promise.all(Array.from({ length: 50 }, () => tryLogIn(service, stranger)))
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(40)
})

test("a right password starts the count anew", async () => {
  const person = await newPerson(service, mails)
  for (let round = 0; round < 2; round += 1) {
    await guess(service, person, 9)
    await logIn(service, person)
  }
})

test("without Redis the process counts by itself", async () => {
  const alone = await startAnother({ REDIS_URL: "" })
  const stranger = unknown()
  await guess(alone, stranger, 10)
  expectLocked(await tryLogIn(alone, stranger))
})

describe("of 1,000 accounts tried from one network address", () => {
  /** Tries that many accounts from one address, 50 at once. */
  const spray = async (target: Service, count: number, address: string) => {
    const send = visitor(target, address)
    const answers: Array<Answer> = []
    for (let done = 0; done < count; done += 50) {
      const batch = Array.from({ length: Math.min(50, count - done) }, () => send("POST", path, { body: unknown() }))
      answers.push(...(await Promise.all(batch)))
    }
    return answers
  }

  test("100 are looked at and the others refused, for those who know a password too", async () => {
    const person = await newPerson(service, mails)
    const address = newAddress()
    const answers = await spray(service, 1000, address)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(900)
    const { email, password } = person
    const stopped = await visitor(service, address)("POST", path, { body: { email, password } })
    expect(stopped.status).toBe(429)
    expect(retryAfter(stopped)).toBeGreaterThan(0)
    expect(retryAfter(stopped)).toBeLessThanOrEqual(600)
    await logIn(service, person)
  })

  test("logins that succeed do not count", async () => {
    const strict = await startAnother({ LOGIN_FAILURES_PER_ADDRESS: "3" })
    const { email, password } = await newPerson(service, mails)
    const send = visitor(strict)
    for (let login = 0; login < 8; login += 1) {
      expect((await send("POST", path, { body: { email, password } })).status).toBe(200)
    }
  })
})

describe("X-Forwarded-For", () => {
  const attempt = async (target: Service, forwarded: string) =>
    (await target.send("POST", path, { body: unknown(), headers: { "x-forwarded-for": forwarded } })).status

  test("is ignored where no proxy is trusted", async () => {
    const bare = await startAnother({ TRUSTED_PROXIES: "", LOGIN_FAILURES_PER_ADDRESS: "3" })
    const statuses = [1, 2, 3, 4].map(() => attempt(bare, newAddress()))
    expect((await Promise.all(statuses)).toSorted()).toEqual([401, 401, 401, 429])
  })

  test("is believed as far as trusted proxies wrote it, and no further", async () => {
    const strict = await startAnother({ LOGIN_FAILURES_PER_ADDRESS: "3" })
    const address = newAddress()
    const statuses = [1, 2, 3, 4].map(() => attempt(strict, `${newAddress()}, ${address}`))
    expect((await Promise.all(statuses)).toSorted()).toEqual([401, 401, 401, 429])
    expect(await attempt(strict, newAddress())).toBe(401)
  })
})
