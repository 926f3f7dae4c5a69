import {
  type AccountSuspended,
  type ActionForbidden,
  type AddressLimitExceeded,
  type AddressNotFound,
  type AttemptLimiter,
  type CodeRefused,
  type CredentialsChanged,
  type CustomerNotFound,
  type EmailNotVerified,
  type EmailTaken,
  type ErasureNotFound,
  type ErasureUnderWay,
  type HolderUnavailable,
  type IdempotencyKeyReused,
  type InputIssue,
  type InvalidCredentials,
  type InvalidInput,
  type PasswordHasher,
  type PhoneMissing,
  type PreviewTooSlow,
  type RefreshRefused,
  type SegmentInUse,
  type SegmentLimitExceeded,
  type SegmentNameTaken,
  type SegmentNotFound,
  type SegmentVersionConflict,
  type SessionStore,
  type Standings,
  type StatusConflict,
  type StorageUnavailable,
  type TokenRefused,
  missingField,
  unknownField,
  type UpstreamUnavailable,
  type VersionConflict,
  type WeakPassword
} from "@customer-service/core"
import type { FailureCode } from "./Failure.ts"

/** What the use cases can fail with. */
export type DomainError =
  | AccountSuspended
  | ActionForbidden
  | AddressLimitExceeded
  | AddressNotFound
  | AttemptLimiter.TooManyAttempts
  | CodeRefused
  | CredentialsChanged
  | CustomerNotFound
  | EmailNotVerified
  | EmailTaken
  | ErasureNotFound
  | ErasureUnderWay
  | HolderUnavailable
  | IdempotencyKeyReused
  | InvalidCredentials
  | InvalidInput
  | PasswordHasher.HasherBusy
  | PhoneMissing
  | PreviewTooSlow
  | RefreshRefused
  | SegmentInUse
  | SegmentLimitExceeded
  | SegmentNameTaken
  | SegmentNotFound
  | SegmentVersionConflict
  | SessionStore.SessionNotFound
  | SessionStore.SessionsUnavailable
  | Standings.SegmentUpdateFailed
  | StatusConflict
  | StorageUnavailable
  | TokenRefused
  | UpstreamUnavailable
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

/** The message of an issue with a password that was chosen before: no rule for new ones was broken. */
export const noPassword = "cannot be a password"

const uncoded = new Set([unknownField, missingField, noPassword])

/**
 * Issues with the email or a new password alone have codes of their own; anything else is a failed validation, also
 * an email that is missing, or one where none is asked for.
 */
export const validationFailure = (details: ReadonlyArray<InputIssue>): Failure => {
  const only = (path: string) =>
    details.length > 0 && details.every(({ message, path: place }) => place === path && !uncoded.has(message))
  if (only("email")) return { code: "INVALID_EMAIL_FORMAT", message: "The mail address is not valid", details }
  if (only("customerId")) {
    return { code: "INVALID_CUSTOMER_ID", message: "The customer id must be a UUID or 1 to 4294967295", details }
  }
  if (only("password") || only("newPassword")) {
    return { code: "WEAK_PASSWORD", message: "The password does not meet the requirements", details }
  }
  return { code: "VALIDATION_FAILED", message: "The request is not valid", details: bounded(details) }
}

const unavailable = (what: string): Failure => ({
  code: "SERVICE_UNAVAILABLE",
  message: `${what} does not answer; try again shortly`
})

const answers: { readonly [Tag in DomainError["_tag"]]: (error: Extract<DomainError, { _tag: Tag }>) => Failure } = {
  AccountSuspended: () => ({ code: "ACCOUNT_SUSPENDED", message: "The account is suspended" }),
  ActionForbidden: ({ reason }) => ({ code: "FORBIDDEN", message: `Not allowed: ${reason}` }),
  AddressLimitExceeded: ({ limit }) => ({
    code: "ADDRESS_LIMIT_EXCEEDED",
    message: `An address book holds at most ${limit} addresses`
  }),
  AddressNotFound: () => ({ code: "ADDRESS_NOT_FOUND", message: "The customer has no such address" }),
  CodeRefused: () => ({ code: "INVALID_CODE", message: "The code is not valid, or not any more; ask for a new one" }),
  CredentialsChanged: () => ({ code: "INVALID_CREDENTIALS", message: "The password has changed meanwhile" }),
  CustomerNotFound: () => ({ code: "CUSTOMER_NOT_FOUND", message: "The customer does not exist" }),
  EmailNotVerified: () => ({
    code: "EMAIL_NOT_VERIFIED",
    message: "The mail address is still to be verified, by the link that was sent to it"
  }),
  EmailTaken: () => ({
    code: "EMAIL_ALREADY_EXISTS",
    message: "A customer with this mail address exists already",
    details: [{ path: "email", message: "is taken" }]
  }),
  ErasureNotFound: () => ({ code: "ERASURE_NOT_FOUND", message: "No erasure of this customer was ever planned" }),
  ErasureUnderWay: () => ({ code: "ERASURE_UNDER_WAY", message: "The erasure of this customer is running or done" }),
  HasherBusy: () => ({
    code: "SERVICE_UNAVAILABLE",
    message: "Too many passwords are waiting to be checked; try again shortly"
  }),
  HolderUnavailable: ({ holder }) => unavailable(`A place that holds personal data (${holder})`),
  IdempotencyKeyReused: () => ({
    code: "IDEMPOTENCY_KEY_REUSED",
    message: "This Idempotency-Key was used with another body; use a new key for a new request"
  }),
  InvalidCredentials: () => ({ code: "INVALID_CREDENTIALS", message: "The mail address or the password is not right" }),
  InvalidInput: ({ issues }) => validationFailure(issues),
  PhoneMissing: () => ({ code: "PHONE_MISSING", message: "The customer has no phone; add one to the profile first" }),
  PreviewTooSlow: ({ seconds }) => ({
    code: "PREVIEW_TIMED_OUT",
    message: `The customers that the rule fits could not be counted within ${seconds} seconds; narrow the rule`
  }),
  RefreshRefused: () => ({ code: "INVALID_REFRESH_TOKEN", message: "The session is over; log in again" }),
  SegmentInUse: ({ by }) => ({
    code: "SEGMENT_IN_USE",
    message: "The rules of other segments ask for this one; change or remove those first",
    details: bounded(by.map((name) => ({ path: "segmentId", message: `is asked for by ${name}` })))
  }),
  SegmentLimitExceeded: ({ limit }) => ({
    code: "SEGMENT_LIMIT_EXCEEDED",
    message: `There may be at most ${limit} segments`
  }),
  SegmentNameTaken: () => ({
    code: "SEGMENT_NAME_TAKEN",
    message: "A segment with this name exists already",
    details: [{ path: "name", message: "is taken" }]
  }),
  SegmentNotFound: () => ({ code: "SEGMENT_NOT_FOUND", message: "The segment does not exist" }),
  SegmentUpdateFailed: () => ({
    code: "SEGMENT_UPDATE_FAILED",
    message: "The segment could not be written, although it was tried several times; try again later"
  }),
  SegmentVersionConflict: ({ current }) => ({
    code: "VERSION_CONFLICT",
    message: "The segment has changed since you read it; read it again",
    details: [{ path: "version", message: `is ${current} now` }]
  }),
  SessionNotFound: () => ({ code: "SESSION_NOT_FOUND", message: "No such session is open" }),
  SessionsUnavailable: () => unavailable("The store of sessions"),
  StatusConflict: ({ status }) => ({ code: "STATUS_CONFLICT", message: `The account is ${status}` }),
  StorageUnavailable: () => unavailable("The database"),
  TokenRefused: () => ({
    code: "INVALID_TOKEN",
    message: "The token is not valid, or not any more; ask for a new one"
  }),
  TooManyAttempts: () => ({ code: "TOO_MANY_ATTEMPTS", message: "Too many attempts; try again later" }),
  UpstreamUnavailable: () => unavailable("The order service"),
  VersionConflict: ({ current }) => ({
    code: "VERSION_CONFLICT",
    message: "The customer has changed since you read it; read it again",
    details: [{ path: "version", message: `is ${current} now` }]
  }),
  WeakPassword: ({ message, path = "password" }) => validationFailure([{ path, message }])
}

/** The failure that a domain error is answered with: the one place where codes are given out. */
export const failureOf = (error: DomainError): Failure => answers[error._tag](error as never)
