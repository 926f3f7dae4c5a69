import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { Digest, SecureRandom } from "effect/crypto"

/** So many passwords wait to be hashed that one more would wait too long. */
export class HasherBusy extends Schema.TaggedError<HasherBusy>()("HasherBusy", {}) {}

/** What comparing a password with a hash tells. */
export interface Verdict {
  readonly matches: boolean
  /** The hash is of another algorithm or other parameters than new ones are made with. */
  readonly outdated: boolean
}

/**
 * Turns passwords into hashes that can be stored, and compares them. Passwords come normalised (see `Password.ts`).
 *
 * MUSTs, each with a contract test of the same wording:
 * - a hash does not contain the password
 * - two hashes of one password differ
 * - a password matches its own hash, and no other password does
 * - a hash of this hasher is not outdated
 * - nobody's hash matches no password
 * - a hash that cannot be read matches no password
 */
export class PasswordHasher extends Context.Service<
  PasswordHasher,
  {
    /** A self-describing hash (algorithm, parameters, salt) of the password, in the PHC string form. */
    readonly hash: (password: Redacted.Redacted) => Effect.Effect<string, HasherBusy>
    /**
     * Compares a password with a stored hash. Where there is none, or one that must not be computed, the work of
     * a new hash is done all the same and the answer is no: time does not tell who has a password.
     */
    readonly verify: (password: Redacted.Redacted, hash: string | undefined) => Effect.Effect<Verdict, HasherBusy>
  }
>()("@customer-service/core/PasswordHasher") {}

/** Salted SHA-256: quick, for tests alone. It does not slow an attacker down. */
export const layerMemory: Layer.Layer<PasswordHasher, never, SecureRandom.SecureRandom> = Layer.effect(
  PasswordHasher,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    const digest = yield* Digest.Digest
    const hashWith = (salt: string, password: Redacted.Redacted) => {
      const bytes = new TextEncoder().encode(salt + Redacted.value(password))
      return Effect.map(digest.digestHex(Digest.sha256, bytes), (hex) => `$sha256$${salt}$${hex}`)
    }
    return PasswordHasher.of({
      hash: (password) => Effect.flatMap(random.uuidV4(), (salt) => hashWith(salt, password)),
      verify: (password, hash = "") => {
        const salt = /^\$sha256\$([0-9a-f-]{36})\$/.exec(hash)?.[1] ?? ""
        return Effect.map(hashWith(salt, password), (again) => ({
          matches: salt !== "" && again === hash,
          outdated: salt === ""
        }))
      }
    })
  })
).pipe(Layer.provide(Digest.layerWebCrypto))
