import { Effect, Redacted, Schema } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"

/** How long a secret is as text: 32 random bytes in base64url. */
const secretLength = 43

const shape = /^[A-Za-z0-9_-]{43}$/

/** A secret that somebody was given, as text of 43 characters; what is longer or shorter was never one. */
export const SecretText = Schema.String.check(
  Schema.isMaxLength(secretLength, { message: "is not a token of this service" }),
  Schema.makeFilter((text) => shape.test(text), { message: "is not a token of this service" })
)

/** A new secret: 256 random bits as text. */
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
