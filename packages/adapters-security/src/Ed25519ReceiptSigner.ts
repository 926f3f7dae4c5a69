import { type ErasureReceipt, ReceiptSigner, signedText } from "@customer-service/core"
import { Effect, Layer, Redacted } from "effect"
import { calculateJwkThumbprint, exportJWK } from "jose"
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto"

/** The key that receipts are signed with: Ed25519, PKCS #8 PEM, its line breaks as they are or as `\n`. */
export interface Ed25519ReceiptSignerOptions {
  readonly privateKeyPem: Redacted.Redacted
}

/** The name of a public key: its thumbprint (RFC 7638). */
const keyIdOf = async (key: KeyObject): Promise<string> => calculateJwkThumbprint(await exportJWK(key))

/** Whether the holder of this public key's other half signed the receipt as it is. */
export const isGenuine = async (receipt: ErasureReceipt, publicKey: KeyObject): Promise<boolean> => {
  const signature = Buffer.from(receipt.signature, "base64url")
  return (
    receipt.keyId === (await keyIdOf(publicKey)) &&
    verify(null, Buffer.from(signedText(receipt.statement)), publicKey, signature)
  )
}

/** The public half of a private key in PEM. */
export const publicKeyOf = (privateKeyPem: Redacted.Redacted): KeyObject =>
  createPublicKey(createPrivateKey(Redacted.value(privateKeyPem).replaceAll("\\n", "\n")))

/** Signs receipts with Ed25519 (RFC 8032). */
export const layer = ({ privateKeyPem }: Ed25519ReceiptSignerOptions): Layer.Layer<ReceiptSigner.ReceiptSigner> =>
  Layer.effect(
    ReceiptSigner.ReceiptSigner,
    Effect.gen(function* () {
      const privateKey = createPrivateKey(Redacted.value(privateKeyPem).replaceAll("\\n", "\n"))
      const publicKey = createPublicKey(privateKey)
      const keyId = yield* Effect.promise(() => keyIdOf(publicKey))
      return ReceiptSigner.ReceiptSigner.of({
        sign: (statement) =>
          Effect.sync(() => ({
            statement,
            algorithm: "Ed25519",
            keyId,
            signature: sign(null, Buffer.from(signedText(statement)), privateKey).toString("base64url")
          })),
        isGenuine: (receipt) => Effect.promise(() => isGenuine(receipt, publicKey))
      })
    })
  )
