import { PasswordHasher } from "@customer-service/core"
import { PasswordHashing } from "@customer-service/adapters-security"
import { Context, Effect, Layer, Redacted } from "effect"

export const argon2id = { algorithm: "argon2id" } as const
/** The lowest cost: what these tests are about does not depend on it. */
export const bcrypt = { algorithm: "bcrypt", bcryptCost: 4 } as const

export const hasherWith = (settings: PasswordHashing.PasswordSettings) =>
  Effect.map(Layer.build(PasswordHashing.layer(settings)), (context) => {
    const { hash, verify } = Context.get(context, PasswordHasher.PasswordHasher)
    return {
      hash: (password: string) => hash(Redacted.make(password)),
      verify: (password: string, stored: string | undefined) => verify(Redacted.make(password), stored)
    }
  })

export type Hasher = Effect.Success<ReturnType<typeof hasherWith>>

export const right = { matches: true, outdated: true }
export const wrong = { matches: false, outdated: true }
