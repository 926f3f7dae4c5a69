import { Schema } from "effect"
import { CustomerId } from "../customer/CustomerId.ts"
import { Instant } from "../value/Instant.ts"

/** One place that held something of the customer: a table or a kind of key, what was taken from it, and how much. */
export const ErasedPlace = Schema.Struct({
  store: Schema.String.annotate({ description: "The store.", examples: ["database"] }),
  place: Schema.String.annotate({ description: "A table, or a kind of entry.", examples: ["customer_addresses"] }),
  fields: Schema.Array(Schema.String).annotate({ description: "What was overwritten or removed there." }),
  count: Schema.Int.annotate({ description: "Rows or entries.", examples: [2] })
}).annotate({ identifier: "ErasedPlace" })
export type ErasedPlace = typeof ErasedPlace.Type

/** A holder that this service cannot reach into, and for how long it keeps what it was sent. */
export const BoundedHolder = Schema.Struct({
  store: Schema.String.annotate({ examples: ["event bus"] }),
  retention: Schema.String.annotate({ examples: ["bounded streams; CustomerErased tells every consumer"] })
}).annotate({ identifier: "BoundedHolder" })
export type BoundedHolder = typeof BoundedHolder.Type

/** What an erasure did, in words that name nobody: this is what is signed. */
export const ErasureStatement = Schema.Struct({
  version: Schema.Literal(1),
  service: Schema.String,
  customerId: CustomerId,
  requestedAt: Instant,
  startedAt: Instant,
  finishedAt: Instant,
  erased: Schema.Array(ErasedPlace),
  /** What was looked at again afterwards, and that nothing was found there. */
  verified: Schema.Struct({
    stores: Schema.Array(Schema.String),
    identifiers: Schema.Int.annotate({ description: "How many of her mail addresses and phones were looked for." }),
    found: Schema.Literal(0)
  }),
  held: Schema.Array(BoundedHolder)
}).annotate({ identifier: "ErasureStatement" })
export type ErasureStatement = typeof ErasureStatement.Type

/** A statement with its Ed25519 signature (RFC 8032) over {@link signedText}, in base64url. */
export const ErasureReceipt = Schema.Struct({
  statement: ErasureStatement,
  algorithm: Schema.Literal("Ed25519"),
  keyId: Schema.String.annotate({ description: "The thumbprint (RFC 7638) of the key that signed." }),
  signature: Schema.String
}).annotate({ identifier: "ErasureReceipt" })
export type ErasureReceipt = typeof ErasureReceipt.Type

const encodeStatement = Schema.encodeSync(ErasureStatement)

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)])
  )
}

/**
 * The text that a receipt's signature is over: the statement as JSON, keys in order at every level, without spaces
 * (RFC 8785 for the strings and whole numbers that a statement holds).
 */
export const signedText = (statement: ErasureStatement): string => JSON.stringify(ordered(encodeStatement(statement)))
