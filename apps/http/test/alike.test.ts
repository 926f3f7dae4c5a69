import { beforeAll, describe, expect, test } from "vitest"
import { newPassword, newPerson, post, register } from "./support/accounts.ts"
import { createCustomer } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { untilAllSent } from "./support/keptText.ts"
import { compare, type Pace } from "./support/samePace.ts"
import { newEmail } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

/** So many accounts share the samples that none of them is locked meanwhile. */
const accounts = 25
const samples = 200
/** Samples of what takes the same way through the service as one that is measured fully. */
const some = 75
const noise = 0.15

const verified = async (): Promise<string> => (await newPerson(service, mails)).email

const unverified = async (): Promise<string> => {
  const email = newEmail()
  await register(service, { email, password: newPassword() })
  return email
}

const withoutPassword = async (): Promise<string> => (await createCustomer(service)).email

const suspended = async (): Promise<string> => {
  const { email, path } = await newPerson(service, mails)
  await service.send("POST", `${path}/suspend`, { token: await staffToken(), body: { reason: "a test" } })
  return email
}

const closed = async (): Promise<string> => {
  const { email, path } = await newPerson(service, mails)
  await service.send("DELETE", path, { token: await staffToken() })
  return email
}

const kinds = { verified, unverified, "without password": withoutPassword, suspended, closed }
type Kind = keyof typeof kinds

const emails = new Map<string, ReadonlyArray<string>>()

beforeAll(async () => {
  for (const [kind, create] of Object.entries(kinds)) {
    emails.set(kind, await Promise.all(Array.from({ length: accounts }, create)))
  }
  await untilAllSent(database)
}, 60_000)

const doors = {
  login: (email: string) => post(service, "login", { email, password: "a wrong password" }),
  register: (email: string) => post(service, "register", { email, password: "Some-password-1" }),
  forgot: (email: string) => post(service, "password/forgot", { email }),
  resend: (email: string) => post(service, "email/resend", { email })
}

const paceOf = (door: keyof typeof doors, kind: Kind, count: number) =>
  compare(
    {
      known: (index) => doors[door](emails.get(kind)?.[index % accounts] ?? ""),
      unknown: () => doors[door](newEmail())
    },
    count
  )

/** A machine that is busy with something else slows one kind down more than the other, but not within each pair. */
const expectAlike = ({ apart, known, unknown }: Pace): void => {
  const difference = Math.min(Math.abs(known - unknown), Math.abs(apart))
  expect(difference / Math.max(known, unknown)).toBeLessThan(noise)
}

describe("the same answer, status, headers and time for a known and an unknown email", () => {
  test.for([
    ["login", "verified", samples],
    ["login", "unverified", some],
    ["login", "without password", some],
    ["login", "suspended", some],
    ["login", "closed", some],
    ["forgot", "verified", samples],
    ["forgot", "closed", samples],
    ["resend", "verified", samples],
    ["resend", "unverified", samples],
    ["register", "verified", samples],
    ["register", "unverified", some]
  ] as const)("at %s, of an account that is %s", { timeout: 90_000 }, async ([door, kind, count]) => {
    // The first of each are slower than the rest.
    await paceOf(door, kind, accounts)
    expectAlike(await paceOf(door, kind, count))
  })
})
