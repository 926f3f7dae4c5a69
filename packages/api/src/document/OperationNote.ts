import type { InputIssue } from "@customer-service/core"
import type { HeaderName } from "./responseHeaders.ts"

/** What is told of a success beyond its type. */
export interface AnswerNote {
  readonly description: string
  readonly data: unknown
  readonly headers?: ReadonlyArray<HeaderName>
}

/** What is told of an operation beyond its types: examples, and what its success means. */
export interface OperationNote {
  readonly request?: unknown
  readonly answer: AnswerNote
  /** The answer 202 of an operation that may be answered 200 as well. */
  readonly deferred?: AnswerNote
  /** What may be wrong with the request, where it is not a customer's fields. */
  readonly invalid?: ReadonlyArray<InputIssue>
}

export const created: ReadonlyArray<HeaderName> = ["Location", "ETag", "Idempotent-Replayed"]
export const versioned: ReadonlyArray<HeaderName> = ["ETag"]
export const decided: ReadonlyArray<HeaderName> = ["ETag", "Idempotent-Replayed"]
export const keyed: ReadonlyArray<HeaderName> = ["Idempotent-Replayed"]
