import { createPublicKey, createSecretKey, type webcrypto } from "node:crypto"
import { Effect, Redacted, Schema } from "effect"
import type { JWK } from "jose"
import { publish, readPrivateKey } from "./Ed25519Keys.ts"

/** The key that our own tokens are signed with: a secret text, or an Ed25519 private key (PEM, PKCS #8). */
export type OwnKeySettings =
  | { readonly algorithm: "HS256"; readonly secret: Redacted.Redacted }
  | { readonly algorithm: "EdDSA"; readonly privateKey: Redacted.Redacted }

/** Tokens cannot be signed or verified with these settings; `problem` says why, without any secret. */
export class TokenSettingsInvalid extends Schema.TaggedError<TokenSettingsInvalid>()("TokenSettingsInvalid", {
  problem: Schema.String
}) {}

export interface OwnKeys {
  readonly algorithm: OwnKeySettings["algorithm"]
  readonly signingKey: webcrypto.CryptoKey
  readonly verificationKey: webcrypto.CryptoKey
  /** What others verify with, each with its `kid`; empty for a secret. */
  readonly publicKeys: ReadonlyArray<JWK>
}

const fromSecret = Effect.fnUntraced(function* (secret: Redacted.Redacted) {
  if (Redacted.value(secret) === "") return yield* new TokenSettingsInvalid({ problem: "the token secret is empty" })
  const bytes = createSecretKey(Redacted.value(secret), "utf8")
  const key = bytes.toCryptoKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"])
  return { algorithm: "HS256", signingKey: key, verificationKey: key, publicKeys: [] } satisfies OwnKeys
})

const privateKeyProblem = "the token signing key is not an Ed25519 private key in PKCS #8 PEM"

const fromPrivateKey = Effect.fnUntraced(function* (pem: Redacted.Redacted) {
  const privateKey = readPrivateKey(pem)
  if (privateKey === undefined) return yield* new TokenSettingsInvalid({ problem: privateKeyProblem })
  const publicKey = createPublicKey(privateKey)
  return {
    algorithm: "EdDSA",
    signingKey: privateKey.toCryptoKey("Ed25519", false, ["sign"]),
    verificationKey: publicKey.toCryptoKey("Ed25519", true, ["verify"]),
    publicKeys: [yield* Effect.promise(() => publish(publicKey))]
  } satisfies OwnKeys
})

/** Reads our own key; fails where it is empty, of another kind, or no key at all. */
export const make = (settings: OwnKeySettings): Effect.Effect<OwnKeys, TokenSettingsInvalid> =>
  settings.algorithm === "HS256" ? fromSecret(settings.secret) : fromPrivateKey(settings.privateKey)
