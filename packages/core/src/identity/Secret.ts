import { Effect, Redacted } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"

/** A new secret: 256 random bits as 43 characters of base64url. */
export const makeSecret: Effect.Effect<Redacted.Redacted, never, SecureRandom.SecureRandom> = Effect.flatMap(
  SecureRandom.SecureRandom,
  (random) => Effect.map(random.randomBytes(32), (bytes) => Redacted.make(Base64Url.encode(bytes)))
)

const encoder = new TextEncoder()

/**
 * The SHA-256 of a secret in lower-case hex, under which it is kept. A secret of 256 random bits needs no slow hash:
 * there is nothing to guess.
 */
export const digestOf = (secret: Redacted.Redacted): Effect.Effect<string, never, Digest.Digest> =>
  Effect.flatMap(Digest.Digest, (digest) => digest.digestHex(Digest.sha256, encoder.encode(Redacted.value(secret))))

/**
 * The secret that follows another: SHA-256 over a random nonce and the secret before, both of fixed length. Whoever
 * holds the one before gets the same follower again as long as the nonce is remembered; the nonce alone tells nothing.
 */
export const followerOf = (
  nonce: string,
  secret: Redacted.Redacted
): Effect.Effect<Redacted.Redacted, never, Digest.Digest> =>
  Effect.flatMap(Digest.Digest, (digest) =>
    Effect.map(digest.digest(Digest.sha256, encoder.encode(`${nonce}${Redacted.value(secret)}`)), (bytes) =>
      Redacted.make(Base64Url.encode(bytes))
    )
  )
