import { createPrivateKey, type KeyObject } from "node:crypto"
import { Redacted } from "effect"
import { calculateJwkThumbprint, exportJWK, type JWK } from "jose"

/** Reads an Ed25519 private key (PEM, PKCS #8); undefined for any other text, since an error could quote it. */
export const readPrivateKey = (pem: Redacted.Redacted): KeyObject | undefined => {
  try {
    // Environment files have no line breaks in values: `\n` is written for them.
    const key = createPrivateKey(Redacted.value(pem).replaceAll("\\n", "\n"))
    return key.asymmetricKeyType === "ed25519" ? key : undefined
  } catch {
    return undefined
  }
}

/** The name of a public key: its thumbprint (RFC 7638). */
export const thumbprintOf = async (publicKey: KeyObject): Promise<string> =>
  calculateJwkThumbprint(await exportJWK(publicKey))

/** A public key as others are shown it. */
export const publish = async (publicKey: KeyObject): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid: await thumbprintOf(publicKey),
  alg: "EdDSA",
  use: "sig"
})
