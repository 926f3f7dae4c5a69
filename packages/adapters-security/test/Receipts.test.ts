import { createPublicKey, generateKeyPairSync, verify } from "node:crypto"
import { ErasureReceipt, ReceiptSigner, signedText } from "@customer-service/core"
import { freshCustomerId, receiptSignerContract } from "@customer-service/core/testing"
import { Ed25519ReceiptSigner } from "@customer-service/adapters-security"
import { describe, expect, it } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit, Layer, Redacted, Schema } from "effect"
import { calculateJwkThumbprint } from "jose"

const pemOf = (pair: ReturnType<typeof freshPair>) =>
  Redacted.make(pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString())
const freshPair = () => generateKeyPairSync("ed25519")

const pair = freshPair()
const key = { privateKeyPem: pemOf(pair) }
const signer = Ed25519ReceiptSigner.layer(key)

receiptSignerContract("Ed25519", signer, Ed25519ReceiptSigner.layer({ privateKeyPem: pemOf(freshPair()) }))

const moment = DateTime.makeUnsafe("2026-11-24T16:00:00.000Z")

const statement = (): ErasureReceipt["statement"] => ({
  version: 1,
  service: "customer-service",
  customerId: freshCustomerId(),
  requestedAt: moment,
  startedAt: moment,
  finishedAt: moment,
  erased: [{ store: "database", place: "customer_addresses", fields: ["street"], count: 2 }],
  verified: { stores: ["database", "cache"], identifiers: 3, found: 0 },
  held: []
})

const receipt = Effect.flatMap(ReceiptSigner.ReceiptSigner, ({ sign }) => sign(statement()))

describe("a receipt", () => {
  it.effect("is signed over the text of its statement, under the thumbprint of the public key", () =>
    Effect.gen(function* () {
      const signed = yield* receipt
      const text = Buffer.from(signedText(signed.statement))
      expect(verify(null, text, pair.publicKey, Buffer.from(signed.signature, "base64url"))).toBe(true)
      const jwk = pair.publicKey.export({ format: "jwk" })
      expect(signed.keyId).toBe(yield* Effect.promise(() => calculateJwkThumbprint(jwk)))
    }).pipe(Effect.provide(signer))
  )

  it.effect("is verified by whoever has read it from JSON and holds the public key, in PEM or as a JWK", () =>
    Effect.gen(function* () {
      const codec = Schema.fromJsonString(ErasureReceipt)
      const read = yield* Schema.decodeEffect(codec)(yield* Schema.encodeEffect(codec)(yield* receipt))
      const { jwk, pem } = yield* Ed25519ReceiptSigner.publicKeyOf(key)
      const other = freshPair().publicKey
      const verdicts = [createPublicKey(pem), createPublicKey({ key: jwk, format: "jwk" }), other].map((publicKey) =>
        Effect.promise(() => Ed25519ReceiptSigner.isGenuine(read, publicKey))
      )
      expect(yield* Effect.all(verdicts)).toStrictEqual([true, true, false])
      expect(jwk).toMatchObject({ kty: "OKP", crv: "Ed25519", kid: read.keyId, use: "sig" })
      expect(jwk).not.toHaveProperty("d")
    }).pipe(Effect.provide(signer))
  )

  it.effect("is not genuine under a key of another kind, or with its signature spelt otherwise", () =>
    Effect.gen(function* () {
      const signed = yield* receipt
      const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey
      expect(yield* Effect.promise(() => Ed25519ReceiptSigner.isGenuine(signed, rsa))).toBe(false)
      const { signature } = signed
      // The last of 86 characters holds two bits; whoever only decodes reads four spellings of it as one.
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
      const respelt = `${signature.slice(0, -1)}${alphabet[alphabet.indexOf(signature.slice(-1)) + 1]}`
      for (const another of [respelt, `${signature}=`, `${signature}\n`, signature.replace("-", "+")]) {
        if (another === signature) continue
        const changed = { ...signed, signature: another }
        expect(yield* Effect.promise(() => Ed25519ReceiptSigner.isGenuine(changed, pair.publicKey))).toBe(false)
      }
    }).pipe(Effect.provide(signer))
  )
})

describe("the key of receipts", () => {
  it.effect("may have its line breaks written as \\n", () =>
    Effect.gen(function* () {
      const privateKeyPem = Redacted.make(Redacted.value(key.privateKeyPem).replaceAll("\n", "\\n"))
      const { jwk } = yield* Ed25519ReceiptSigner.publicKeyOf({ privateKeyPem })
      expect(jwk.kid).toBe((yield* receipt).keyId)
    }).pipe(Effect.provide(signer))
  )

  it.effect("is not quoted where it is none", () =>
    Effect.gen(function* () {
      const privateKeyPem = Redacted.make("-----BEGIN PRIVATE KEY-----\nsurely a secret\n-----END PRIVATE KEY-----")
      const exit = yield* Effect.exit(Layer.build(Ed25519ReceiptSigner.layer({ privateKeyPem })))
      const cause = Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""
      expect(cause).toContain("ReceiptKeyInvalid")
      expect(cause).not.toContain("surely a secret")
      const error = yield* Effect.flip(Ed25519ReceiptSigner.publicKeyOf({ privateKeyPem }))
      expect(error._tag).toBe("ReceiptKeyInvalid")
    })
  )
})
