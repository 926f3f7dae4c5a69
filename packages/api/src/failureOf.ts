import {
  type ActionForbidden,
  type AddressLimitExceeded,
  type AddressNotFound,
  type CustomerNotFound,
  type EmailTaken,
  type IdempotencyKeyReused,
  type InputIssue,
  type InvalidInput,
  type StorageUnavailable,
  missingField,
  unknownField,
  type VersionConflict,
  type WeakPassword
} from "@customer-service/core"
import type { FailureCode } from "./Failure.ts"

/** What the use cases can fail with. */
export type DomainError =
  | ActionForbidden
  | AddressLimitExceeded
  | AddressNotFound
  | CustomerNotFound
  | EmailTaken
  | IdempotencyKeyReused
  | InvalidInput
  | StorageUnavailable
  | VersionConflict
  | WeakPassword

/** What a caller is told: the code, one sentence, and where it applies. */
export interface Failure {
  readonly code: FailureCode
  readonly message: string
  readonly details?: ReadonlyArray<InputIssue>
}

/** Beyond this many issues a caller is told how many more there are: an answer must not outgrow its request. */
const mostDetails = 100

const bounded = (details: ReadonlyArray<InputIssue>): ReadonlyArray<InputIssue> =>
  details.length <= mostDetails
    ? details
    : [...details.slice(0, mostDetails), { path: "", message: `and ${details.length - mostDetails} more issues` }]

/**
 * Issues with the email or the password alone have codes of their own; anything else is a failed validation, also an
 * email that is missing, or one where none is asked for.
 */
export const validationFailure = (details: ReadonlyArray<InputIssue>): Failure => {
  const only = (path: string) =>
    details.length > 0 &&
    details.every(({ message, path: place }) => place === path && message !== unknownField && message !== missingField)
  if (only("email")) return { code: "INVALID_EMAIL_FORMAT", message: "The mail address is not valid", details }
  if (only("customerId")) {
    return { code: "INVALID_CUSTOMER_ID", message: "The customer id must be a UUID or 1 to 4294967295", details }
  }
  if (only("password"))
    return { code: "WEAK_PASSWORD", message: "The password does not meet the requirements", details }
  return { code: "VALIDATION_FAILED", message: "The request is not valid", details: bounded(details) }
}

const answers: { readonly [Tag in DomainError["_tag"]]: (error: Extract<DomainError, { _tag: Tag }>) => Failure } = {
  ActionForbidden: ({ reason }) => ({ code: "FORBIDDEN", message: `Not allowed: ${reason}` }),
  AddressLimitExceeded: ({ limit }) => ({
    code: "ADDRESS_LIMIT_EXCEEDED",
    message: `An address book holds at most ${limit} addresses`
  }),
  AddressNotFound: () => ({ code: "ADDRESS_NOT_FOUND", message: "The customer has no such address" }),
  CustomerNotFound: () => ({ code: "CUSTOMER_NOT_FOUND", message: "The customer does not exist" }),
  EmailTaken: () => ({
    code: "EMAIL_ALREADY_EXISTS",
    message: "A customer with this mail address exists already",
    details: [{ path: "email", message: "is taken" }]
  }),
  IdempotencyKeyReused: () => ({
    code: "IDEMPOTENCY_KEY_REUSED",
    message: "This Idempotency-Key was used with another body; use a new key for a new request"
  }),
  InvalidInput: ({ issues }) => validationFailure(issues),
  StorageUnavailable: () => ({
    code: "SERVICE_UNAVAILABLE",
    message: "The database does not answer; try again shortly"
  }),
  VersionConflict: ({ current }) => ({
    code: "VERSION_CONFLICT",
    message: "The customer has changed since you read it; read it again",
    details: [{ path: "version", message: `is ${current} now` }]
  }),
  WeakPassword: ({ message }) => validationFailure([{ path: "password", message }])
}

/** The failure that a domain error is answered with: the one place where codes are given out. */
export const failureOf = (error: DomainError): Failure => answers[error._tag](error as never)
