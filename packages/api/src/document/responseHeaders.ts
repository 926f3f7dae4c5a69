import type { Reference, Schema } from "./Document.ts"

interface Header {
  readonly description: string
  readonly schema: Schema
}

/** Every header that an answer may have, for `components.headers`. */
export const headers = {
  "X-Correlation-Id": {
    description: "The id of this request, as given or made.",
    schema: { type: "string", examples: ["0f8fad5b-d9cb-469f-a165-70867728950e"] }
  },
  ETag: {
    description: "The current version, in quotes, of the customer; of the segment, where the answer is about one.",
    schema: { type: "string", pattern: '^"[0-9]+"$', examples: ['"42"'] }
  },
  Location: {
    description: "The path of what was created.",
    schema: {
      type: "string",
      format: "uri-reference",
      examples: ["/v1/customers/0185b4df-2100-7a3e-9c41-5b2f8d6e1a70"]
    }
  },
  "Idempotent-Replayed": {
    description: "`true` where the first answer to this Idempotency-Key is told again.",
    schema: { type: "string", enum: ["true"] }
  },
  "RateLimit-Limit": {
    description: "How many requests a minute you may make.",
    schema: { type: "integer", minimum: 1, examples: [1000] }
  },
  "RateLimit-Remaining": {
    description: "How many of them are left.",
    schema: { type: "integer", minimum: 0, examples: [997] }
  },
  "RateLimit-Reset": {
    description: "Seconds until the count starts over.",
    schema: { type: "integer", minimum: 1, examples: [42] }
  },
  "Retry-After": {
    description: "Seconds after which to try again.",
    schema: { type: "integer", minimum: 1, examples: [1] }
  },
  "WWW-Authenticate": {
    description: "How to authenticate.",
    schema: { type: "string", examples: ["Bearer"] }
  }
} as const satisfies Readonly<Record<string, Header>>

export type HeaderName = keyof typeof headers

const everywhere: ReadonlyArray<HeaderName> = ["X-Correlation-Id"]
const counted: ReadonlyArray<HeaderName> = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]

// Refused before the caller is known, so that nothing is counted for her.
const uncounted = new Set(["401", "413", "415", "503"])

const byStatus: Readonly<Record<string, ReadonlyArray<HeaderName>>> = {
  304: ["ETag"],
  401: ["WWW-Authenticate"],
  412: ["ETag"],
  429: ["Retry-After"],
  503: ["Retry-After"]
}

/** The headers of an answer: those of its status, and those of its own. */
export const headersOf = (status: string, own: ReadonlyArray<HeaderName> = []): Record<string, Reference> => {
  const names = [...own, ...(byStatus[status] ?? []), ...everywhere, ...(uncounted.has(status) ? [] : counted)]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
