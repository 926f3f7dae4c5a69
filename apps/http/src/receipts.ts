import { Ed25519ReceiptSigner } from "@customer-service/adapters-security"
import { Context, Effect, Layer, Redacted } from "effect"
import { createPrivateKey, hkdfSync } from "node:crypto"
import type { AppConfig } from "./AppConfig.ts"
import { sharedSecret } from "./tokens.ts"

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const header = Buffer.from("302e020100300506032b657004220420", "hex")

/**
 * The key of a service that was given none of its own: made of the secret that all its processes share, so that each
 * signs as the others do. Receipts are to be checked for longer than a secret lives: RECEIPT_SIGNING_KEY is better.
 */
const derivedKey = (secret: Redacted.Redacted): Redacted.Redacted => {
  const seed = Buffer.from(hkdfSync("sha256", Redacted.value(secret), "", "erasure receipts", 32))
  const key = createPrivateKey({ key: Buffer.concat([header, seed]), format: "der", type: "pkcs8" })
  return Redacted.make(key.export({ format: "pem", type: "pkcs8" }).toString())
}

/** The key that receipts of erasures are signed with. */
export const receiptKey = (config: AppConfig): Redacted.Redacted =>
  config.RECEIPT_SIGNING_KEY ?? derivedKey(sharedSecret(config))

/** What others check receipts with: the public half of the key, as a JWK. */
export class ReceiptKeys extends Context.Service<ReceiptKeys, { readonly keys: ReadonlyArray<object> }>()(
  "@customer-service/http/ReceiptKeys"
) {
  static readonly layer = (config: AppConfig) =>
    Layer.effect(
      ReceiptKeys,
      Effect.map(
        Effect.suspend(() => Ed25519ReceiptSigner.publicKeyOf({ privateKeyPem: receiptKey(config) })),
        ({ jwk }) => ({ keys: [jwk] })
      )
    )
}

/** Signs receipts of erasures. */
export const layer = (config: AppConfig) =>
  Layer.suspend(() => Ed25519ReceiptSigner.layer({ privateKeyPem: receiptKey(config) }))
