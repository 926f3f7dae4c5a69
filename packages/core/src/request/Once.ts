import { Schema } from "effect"
import type { Customer } from "../customer/Customer.ts"

/**
 * A write that must happen once however often it is asked for.
 *
 * - `key` names the request (actor, method, path and the caller's key, hashed);
 * - `fingerprint` is a digest of its body, so that a key used for something else is noticed;
 * - `answer` renders what the first caller is told, to be told again to every later one.
 */
export interface Once {
  readonly key: string
  readonly fingerprint: string
  readonly answer: (written: Customer) => string
}

/** The write happened before: `answer` is what the first caller was told. */
export class AlreadyAnswered extends Schema.TaggedError<AlreadyAnswered>()("AlreadyAnswered", {
  answer: Schema.String
}) {}

/** The idempotency key was used before with another body. */
export class IdempotencyKeyReused extends Schema.TaggedError<IdempotencyKeyReused>()("IdempotencyKeyReused", {}) {}
