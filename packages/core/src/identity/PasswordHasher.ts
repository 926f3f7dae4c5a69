import { Context, Effect, Layer, Redacted } from "effect"
import { Digest, SecureRandom } from "effect/crypto"

/**
 * Turns passwords into hashes that can be stored.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a hash does not contain the password
 * - two hashes of one password differ
 */
export class PasswordHasher extends Context.Service<
  PasswordHasher,
  {
    /** A self-describing hash (algorithm, parameters, salt) of the password, in the PHC string form. */
    readonly hash: (password: Redacted.Redacted) => Effect.Effect<string>
  }
>()("@customer-service/core/PasswordHasher") {}

/** Salted SHA-256: quick, for tests alone. It does not slow an attacker down. */
export const layerMemory: Layer.Layer<PasswordHasher, never, SecureRandom.SecureRandom> = Layer.effect(
  PasswordHasher,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    const digest = yield* Digest.Digest
    return {
      hash: Effect.fnUntraced(function* (password: Redacted.Redacted) {
        const salt = yield* random.uuidV4()
        const bytes = new TextEncoder().encode(salt + Redacted.value(password))
        return `$sha256$${salt}$${yield* digest.digestHex(Digest.sha256, bytes)}`
      })
    }
  })
).pipe(Layer.provide(Digest.layerWebCrypto))
