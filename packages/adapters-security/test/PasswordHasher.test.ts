import { PasswordHasher } from "@customer-service/core"
import { describe, expect, layer } from "@effect/vitest"
import { verify } from "@node-rs/argon2"
import { Effect, Redacted } from "effect"
import { Argon2PasswordHasher } from "@customer-service/adapters-security"

const password = "correct horse battery staple"

const hash = Effect.flatMap(PasswordHasher.PasswordHasher, (hasher) => hasher.hash(Redacted.make(password)))

describe("the argon2id password hasher", () => {
  layer(Argon2PasswordHasher.layer)((it) => {
    it.effect(
      "a hash does not contain the password",
      Effect.fnUntraced(function* () {
        expect(yield* hash).not.toContain(password)
      })
    )

    it.effect(
      "two hashes of one password differ",
      Effect.fnUntraced(function* () {
        expect(yield* hash).not.toBe(yield* hash)
      })
    )

    it.effect(
      "a hash names argon2id and OWASP's parameters",
      Effect.fnUntraced(function* () {
        expect(yield* hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      })
    )

    it.effect(
      "a hash verifies its password and no other",
      Effect.fnUntraced(function* () {
        const hashed = yield* hash
        expect(yield* Effect.promise(() => verify(hashed, password))).toBe(true)
        expect(yield* Effect.promise(() => verify(hashed, `${password}r`))).toBe(false)
      })
    )

    it.effect(
      "the main thread stays free while many passwords are hashed",
      Effect.fnUntraced(function* () {
        let turns = 0
        const turnUntilInterrupted = Effect.forever(
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => {
              turns += 1
            })
          )
        )
        yield* Effect.race(
          Effect.all(
            Array.from({ length: 8 }, () => hash),
            { concurrency: 8 }
          ),
          turnUntilInterrupted
        )
        expect(turns).toBeGreaterThan(100)
      })
    )
  })
})
