import { Context, Effect, Layer } from "effect"
import { Digest } from "effect/crypto"
import { type ErasureReceipt, type ErasureStatement, signedText } from "./ErasureReceipt.ts"

/**
 * Signs the receipts of erasures, so that nobody else can make one.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a receipt it signs is genuine
 * - a receipt with one changed field is not genuine
 * - a receipt under another key is not genuine
 */
export class ReceiptSigner extends Context.Service<
  ReceiptSigner,
  {
    readonly sign: (statement: ErasureStatement) => Effect.Effect<ErasureReceipt>
    /** Whether this signer's key signed the receipt as it is. */
    readonly isGenuine: (receipt: ErasureReceipt) => Effect.Effect<boolean>
  }
>()("@customer-service/core/ReceiptSigner") {}

/** Receipts with a digest over `keyId` and the statement instead of a signature, for tests alone. */
export const layerMemoryWith = (keyId: string): Layer.Layer<ReceiptSigner> =>
  Layer.effect(
    ReceiptSigner,
    Effect.map(Digest.Digest, (digest) => {
      const seal = (statement: ErasureStatement) =>
        digest.digestHex(Digest.sha256, new TextEncoder().encode(`${keyId} ${signedText(statement)}`))
      return ReceiptSigner.of({
        sign: (statement) =>
          Effect.map(seal(statement), (signature) => ({ statement, algorithm: "Ed25519", keyId, signature })),
        isGenuine: (receipt) =>
          Effect.map(seal(receipt.statement), (again) => receipt.keyId === keyId && again === receipt.signature)
      })
    })
  ).pipe(Layer.provide(Digest.layerWebCrypto))

/** The same under one key id. */
export const layerMemory: Layer.Layer<ReceiptSigner> = layerMemoryWith("memory")
