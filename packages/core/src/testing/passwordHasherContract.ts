import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Redacted } from "effect"
import { PasswordHasher } from "../identity/PasswordHasher.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"

const password = "correct-horse Батарея 👩‍👩‍👧‍👦"

/** What differs from the password in capitals, at its end, past the 72 bytes that bcrypt reads, or by a zero byte. */
const others = (text: string): ReadonlyArray<string> => [
  "",
  text.toUpperCase(),
  `${text} `,
  text.slice(0, -1),
  `${text}\u0000`,
  `${text}\u0000${text}`
]

const long = "é".repeat(100)

/** Hashes that are broken, unknown, or so dear that computing them would take minutes or gigabytes. */
const unreadable = [
  "",
  "plain text",
  "$",
  "$unknown$x$y",
  "$argon2id$v=19$m=19456,t=2,p=1$",
  "$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
  "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
  "$argon2id$v=19$m=19456,t=1000000,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
  "$argon2id$v=19$m=99999999999999999999,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaA",
  "$2b$31$abcdefghijklmnopqrstuuKwXAzUMZVlSHLqwbSPdH6ZVHLtgmyDi",
  "$2b$10$tooshort",
  "$2b$xx$abcdefghijklmnopqrstuuKwXAzUMZVlSHLqwbSPdH6ZVHLtgmyDi"
]

const hash = (text: string) => Effect.flatMap(PasswordHasher, (hasher) => hasher.hash(Redacted.make(text)))

const verify = (text: string, stored: string | undefined) =>
  Effect.flatMap(PasswordHasher, (hasher) => hasher.verify(Redacted.make(text), stored))

/** The contract of {@link PasswordHasher}. */
export const passwordHasherContract = <E>(
  name: string,
  adapter: Layer.Layer<PasswordHasher, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of PasswordHasher`, (it) => {
    hashing(it)
    comparing(it)
  })

const hashing = (it: ContractSuite<PasswordHasher>): void => {
  it.effect("a hash does not contain the password", () =>
    Effect.gen(function* () {
      const hashed = yield* hash(password)
      assert.notInclude(hashed, password)
      assert.match(hashed, /^\$[a-z0-9-]+\$/)
    })
  )

  it.effect("two hashes of one password differ", () =>
    Effect.gen(function* () {
      assert.notStrictEqual(yield* hash(password), yield* hash(password))
    })
  )

  it.effect("a hash of this hasher is not outdated", () =>
    Effect.gen(function* () {
      const hashed = yield* hash(password)
      assert.deepStrictEqual(yield* verify(password, hashed), { matches: true, outdated: false })
      assert.deepStrictEqual(yield* verify("another", hashed), { matches: false, outdated: false })
    })
  )
}

const comparing = (it: ContractSuite<PasswordHasher>): void => {
  it.effect("a password matches its own hash, and no other password does", () =>
    Effect.gen(function* () {
      for (const mine of [password, long]) {
        const hashed = yield* hash(mine)
        assert.isTrue((yield* verify(mine, hashed)).matches)
        for (const other of others(mine)) assert.isFalse((yield* verify(other, hashed)).matches)
      }
    })
  )

  it.effect("nobody's hash matches no password", () =>
    Effect.gen(function* () {
      for (const text of ["", password, "undefined"]) {
        assert.isFalse((yield* verify(text, undefined)).matches)
      }
    })
  )

  it.effect("a hash that cannot be read matches no password", () =>
    Effect.gen(function* () {
      const hashed = yield* hash(password)
      const broken = [hashed.slice(0, -5), `${hashed}A`, hashed.slice(1), hashed.replace(/\$[^$]+\$([^$]+)$/, "$$$$$1")]
      for (const stored of [...unreadable, ...broken]) {
        assert.isFalse((yield* verify(password, stored)).matches, stored)
        assert.isFalse((yield* verify("", stored)).matches, stored)
      }
    })
  )
}
