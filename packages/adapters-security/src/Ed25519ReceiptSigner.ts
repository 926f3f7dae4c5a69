import { createPublicKey, type KeyObject, sign, verify } from "node:crypto"
import { type ErasureReceipt, ReceiptSigner, signedText } from "@customer-service/core"
import { Effect, Layer, type Redacted, Schema } from "effect"
import type { JWK } from "jose"
import { publish, readPrivateKey, thumbprintOf } from "./Ed25519Keys.ts"

export interface ReceiptKey {
  /** An Ed25519 private key: PEM, PKCS #8; its line breaks may be written as `\n`. */
  readonly privateKeyPem: Redacted.Redacted
}

/** The key that receipts are to be signed with is no Ed25519 private key. */
export class ReceiptKeyInvalid extends Schema.TaggedError<ReceiptKeyInvalid>()("ReceiptKeyInvalid", {}) {}

const keyOf = ({ privateKeyPem }: ReceiptKey): Effect.Effect<KeyObject, ReceiptKeyInvalid> =>
  Effect.suspend(() => {
    const key = readPrivateKey(privateKeyPem)
    return key === undefined ? Effect.fail(new ReceiptKeyInvalid()) : Effect.succeed(key)
  })

/** Reads base64url; undefined for another spelling of the same bytes, which would make a second receipt of one. */
const readSignature = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, "base64url")
  return bytes.toString("base64url") === text ? bytes : undefined
}

/** Whether the holder of this key's private half signed the receipt as it is; the public half is all it takes. */
export const isGenuine = async (receipt: ErasureReceipt, publicKey: KeyObject): Promise<boolean> => {
  const { algorithm, keyId, statement } = receipt
  const signature = readSignature(receipt.signature)
  if (signature === undefined || algorithm !== "Ed25519" || publicKey.asymmetricKeyType !== "ed25519") return false
  if (keyId !== (await thumbprintOf(publicKey))) return false
  return verify(null, Buffer.from(signedText(statement)), publicKey, signature)
}

/** The public half of a signer's key, in the two forms that others can verify with. Fails with `ReceiptKeyInvalid`. */
export const publicKeyOf = (
  key: ReceiptKey
): Effect.Effect<{ readonly jwk: JWK; readonly pem: string }, ReceiptKeyInvalid> =>
  Effect.flatMap(keyOf(key), (privateKey) => {
    const publicKey = createPublicKey(privateKey)
    const pem = publicKey.export({ format: "pem", type: "spki" }).toString()
    return Effect.map(
      Effect.promise(() => publish(publicKey)),
      (jwk) => ({ jwk, pem })
    )
  })

const make = Effect.fnUntraced(function* (key: ReceiptKey) {
  const privateKey = yield* keyOf(key)
  const publicKey = createPublicKey(privateKey)
  const keyId = yield* Effect.promise(() => thumbprintOf(publicKey))
  return ReceiptSigner.ReceiptSigner.of({
    sign: (statement) =>
      Effect.sync(() => {
        const signature = sign(null, Buffer.from(signedText(statement)), privateKey).toString("base64url")
        return { statement, algorithm: "Ed25519", keyId, signature }
      }),
    isGenuine: (receipt) => Effect.promise(() => isGenuine(receipt, publicKey))
  })
})

/** Signs receipts with Ed25519 (RFC 8032). To be given a key that is none is a defect. */
export const layer = (key: ReceiptKey): Layer.Layer<ReceiptSigner.ReceiptSigner> =>
  Layer.effect(ReceiptSigner.ReceiptSigner, Effect.orDie(make(key)))
