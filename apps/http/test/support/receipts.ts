import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto"

/** A statement about an erasure, with its signature. */
export interface Receipt {
  readonly statement: Statement
  readonly algorithm: string
  readonly keyId: string
  readonly signature: string
}

/** What an erasure did, as far as the tests look at it. */
export interface Statement {
  readonly version: number
  readonly service: string
  readonly customerId: string
  readonly requestedAt: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly erased: ReadonlyArray<{
    readonly store: string
    readonly place: string
    readonly fields: ReadonlyArray<string>
    readonly count: number
  }>
  readonly verified: { readonly stores: ReadonlyArray<string>; readonly identifiers: number; readonly found: number }
  readonly held: ReadonlyArray<{ readonly store: string; readonly retention: string }>
}

/** JSON without spaces, its keys in order at every level: what anybody can make again of a receipt that she was given. */
const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(",")}}`
}

/** The public half of a private key in PEM. */
export const publicHalf = (privateKey: string): KeyObject => createPublicKey(privateKey)

/** The thumbprint of an Ed25519 key (RFC 7638, members as in RFC 8037). */
const thumbprint = (key: KeyObject): string => {
  const { crv, kty, x } = key.export({ format: "jwk" })
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url")
}

/** Whether the holder of this key signed the receipt as it is. */
export const isGenuine = ({ algorithm, keyId, signature, statement }: Receipt, key: KeyObject): boolean =>
  algorithm === "Ed25519" &&
  keyId === thumbprint(key) &&
  verify(null, Buffer.from(canonicalJson(statement)), key, Buffer.from(signature, "base64url"))
