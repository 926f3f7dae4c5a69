import { type ErasureReceipt, ErasureStatement, signedText } from "@customer-service/core"
import { Schema } from "effect"
import { createHash, createPrivateKey, generateKeyPairSync, sign } from "node:crypto"

/** A statement that an erasure might end with, as JSON. */
const statement: typeof ErasureStatement.Encoded = {
  version: 1,
  service: "shop",
  customerId: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  requestedAt: "2026-01-02T03:04:05.678Z",
  startedAt: "2026-02-01T03:04:05.678Z",
  finishedAt: "2026-02-01T03:04:06.001Z",
  erased: [{ store: "database", place: "customers", fields: ["email", "first_name"], count: 1 }],
  verified: { stores: ["database", "cache"], identifiers: 3, found: 0 },
  held: [{ store: "event bus", retention: "a week" }]
}

/** A pair of Ed25519 keys in the forms that people hand around. */
export const keyPair = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  return {
    privatePem: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    publicPem: publicKey.export({ format: "pem", type: "spki" }).toString(),
    publicJwk: publicKey.export({ format: "jwk" })
  }
}

/** A receipt as JSON that a key signed. */
export const signedReceipt = ({ privatePem, publicJwk }: ReturnType<typeof keyPair>): typeof ErasureReceipt.Encoded => {
  const text = signedText(Schema.decodeSync(ErasureStatement)(statement))
  const { crv, kty, x } = publicJwk
  return {
    statement,
    algorithm: "Ed25519",
    keyId: createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url"),
    signature: sign(null, Buffer.from(text), createPrivateKey(privatePem)).toString("base64url")
  }
}
