import { describe, expect, test, vi } from "vitest"
import {
  logIn,
  loggedIn,
  newPassword,
  newPerson,
  type Person,
  register,
  statusesOf,
  tryLogIn
} from "./support/accounts.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"

const { database, mails, service: argon2, startAnother } = await openIdentityScene()
const bcrypt = await startAnother({ PASSWORD_ALGORITHM: "bcrypt", BCRYPT_COST: "10" })

const refused = refusal(401, "INVALID_CREDENTIALS")

const hashOf = async ({ id }: Person): Promise<string> => {
  const [row] = await database.rows("SELECT password_hash FROM customer_credentials WHERE customer_id = $1", [id])
  return String(row?.["password_hash"])
}

const isArgon2 = (hash: string): boolean => hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$")

describe("a login with a password that was hashed another way", () => {
  test("works, and hashes it anew in the configured way, there and back", async () => {
    const person = await newPerson(argon2, mails)
    expect(isArgon2(await hashOf(person))).toBe(true)
    await logIn(bcrypt, person)
    await vi.waitUntil(async () => !isArgon2(await hashOf(person)))
    expect(await hashOf(person)).toMatch(/bcrypt|\$2[aby]\$/)
    await logIn(bcrypt, person)
    await logIn(argon2, person)
    await vi.waitUntil(async () => isArgon2(await hashOf(person)))
    await logIn(argon2, person)
  })

  test("ends no session", async () => {
    const person = await newPerson(argon2, mails)
    const grant = await logIn(argon2, person)
    await logIn(bcrypt, person)
    await vi.waitUntil(async () => !isArgon2(await hashOf(person)))
    expect(await statusesOf(argon2, grant)).toEqual(loggedIn)
  })

  test("leaves the hash as it is where the password is wrong", async () => {
    const person = await newPerson(argon2, mails)
    const before = await hashOf(person)
    expect(refusalIn(await tryLogIn(bcrypt, { ...person, password: newPassword() }))).toEqual(refused)
    expect(await hashOf(person)).toBe(before)
  })

  test("of the same algorithm and other parameters hashes it anew as well", async () => {
    const costlier = await startAnother({ PASSWORD_ALGORITHM: "bcrypt", BCRYPT_COST: "11" })
    const person = await newPerson(bcrypt, mails)
    const before = await hashOf(person)
    await logIn(costlier, person)
    await vi.waitUntil(async () => (await hashOf(person)) !== before)
    expect(await hashOf(person)).toContain("11")
    await logIn(bcrypt, person)
  })
})

describe("with bcrypt, passwords that differ", () => {
  test.for([
    ["after byte 72", `${"x1".repeat(36)}-right`, `${"x1".repeat(36)}-wrong`],
    ["after byte 72, of many bytes each", `${"🦊".repeat(18)}right`, `${"🦊".repeat(18)}wrong`]
  ] as const)("%s are told apart", async ([, password, other]) => {
    const person = await newPerson(bcrypt, mails, { password })
    expect(refusalIn(await tryLogIn(bcrypt, { ...person, password: other }))).toEqual(refused)
    await logIn(bcrypt, { ...person, password })
  })

  test("after a NUL cannot be chosen", async () => {
    const answer = await register(bcrypt, { email: newEmail(), password: "prefix-1234\u0000right" })
    expect(answer.status).toBe(400)
  })
})

const salt = "c29tZXNhbHRzb21lc2FsdA"
const digest = "x".repeat(43)

describe("a stored hash that must not be computed, or cannot be read,", () => {
  test.for([
    `$argon2id$v=19$m=4194304,t=2,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=19456,t=1000000,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=19456,t=2,p=255$${salt}$${digest}`,
    `$argon2id$v=19$m=-1,t=2,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=19456$${salt}$${digest}`,
    `$2b$31$${"x".repeat(53)}`,
    `$2y$20$${"x".repeat(53)}`,
    `$2b$99$${"x".repeat(53)}`,
    "$2b$12$short",
    "$argon2id$",
    "plain text",
    "x".repeat(10_000)
  ])("%s matches no password, and is refused as fast as any", async (hash) => {
    const person = await newPerson(argon2, mails)
    await database.rows("UPDATE customer_credentials SET password_hash = $2 WHERE customer_id = $1", [person.id, hash])
    for (const target of [argon2, bcrypt]) {
      const started = performance.now()
      expect(refusalIn(await tryLogIn(target, person))).toEqual(refused)
      expect(performance.now() - started).toBeLessThan(1500)
    }
    expect(await hashOf(person)).toBe(hash)
  })
})
