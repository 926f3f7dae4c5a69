import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Redacted } from "effect"
import { PasswordHasher } from "../identity/PasswordHasher.ts"
import type { ContractOptions } from "./ContractSuite.ts"

const password = "correct-horse Батарея 👩‍👩‍👧‍👦"

/** The contract of {@link PasswordHasher}. */
export const passwordHasherContract = <E>(
  name: string,
  adapter: Layer.Layer<PasswordHasher, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of PasswordHasher`, (it) => {
    it.effect("a hash does not contain the password", () =>
      Effect.gen(function* () {
        const hasher = yield* PasswordHasher
        const hash = yield* hasher.hash(Redacted.make(password))
        assert.notInclude(hash, password)
        assert.match(hash, /^\$[a-z0-9-]+\$/)
      })
    )

    it.effect("two hashes of one password differ", () =>
      Effect.gen(function* () {
        const hasher = yield* PasswordHasher
        const one = yield* hasher.hash(Redacted.make(password))
        const other = yield* hasher.hash(Redacted.make(password))
        assert.notStrictEqual(one, other)
      })
    )
  })
