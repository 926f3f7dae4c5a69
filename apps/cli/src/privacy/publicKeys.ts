import { Ed25519ReceiptSigner } from "@customer-service/adapters-security"
import type { ErasureReceipt } from "@customer-service/core"
import { Effect, Predicate } from "effect"
import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto"
import { CommandMisused } from "../failures.ts"

const listed = (given: unknown): ReadonlyArray<unknown> =>
  Predicate.hasProperty(given, "keys") && Array.isArray(given.keys) ? given.keys : [given]

const keysIn = (text: string): ReadonlyArray<KeyObject> =>
  text.trimStart().startsWith("{")
    ? listed(JSON.parse(text)).map((key) => createPublicKey({ key: key as JsonWebKey, format: "jwk" }))
    : [createPublicKey(text)]

const isEd25519 = ({ asymmetricKeyType }: KeyObject): boolean => asymmetricKeyType === "ed25519"

/** The Ed25519 keys in a text: one in PEM, a JWK, or a set of them. Fails where there is none. */
export const readPublicKeys = (file: string, text: string): Effect.Effect<ReadonlyArray<KeyObject>, CommandMisused> =>
  Effect.suspend(() => {
    const misused = new CommandMisused({ message: `${file} holds no Ed25519 public key, neither in PEM nor as a JWK` })
    return Effect.filterOrFail(
      Effect.try({ try: () => keysIn(text).filter(isEd25519), catch: () => misused }),
      (keys) => keys.length > 0,
      () => misused
    )
  })

/** Whether one of the keys is the one that the receipt names, and signed the receipt as it is. */
export const isSignedByOneOf = (keys: ReadonlyArray<KeyObject>, receipt: ErasureReceipt): Effect.Effect<boolean> =>
  Effect.map(
    Effect.forEach(keys, (key) => Effect.promise(() => Ed25519ReceiptSigner.isGenuine(receipt, key))),
    (verdicts) => verdicts.includes(true)
  )
