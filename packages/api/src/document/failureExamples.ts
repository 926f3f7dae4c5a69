import {
  AccountSuspended,
  ActionForbidden,
  AddressLimitExceeded,
  AddressNotFound,
  AttemptLimiter,
  CodeRefused,
  CustomerNotFound,
  EmailNotVerified,
  EmailTaken,
  ErasureNotFound,
  ErasureUnderWay,
  IdempotencyKeyReused,
  InvalidCredentials,
  InvalidInput,
  PhoneMissing,
  PreviewTooSlow,
  RefreshRefused,
  SegmentInUse,
  SegmentLimitExceeded,
  SegmentNameTaken,
  SegmentNotFound,
  SessionStore,
  Standings,
  StatusConflict,
  StorageUnavailable,
  TokenRefused,
  VersionConflict,
  WeakPassword
} from "@customer-service/core"
import type { FailureBody, FailureCode } from "../Failure.ts"
import { type Failure, failureOf } from "../failureOf.ts"

const customerId = "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70"
const addressId = "0185b4df-2100-7c55-8e02-d94a7b3c6f18"
const sessionId = "0192dcde-3100-7e2d-9b05-6c1f4a7d8e93"

const invalid = (path: string, message: string) => failureOf(new InvalidInput({ issues: [{ path, message }] }))

/** What a caller is told with each code. */
const told: { readonly [Code in FailureCode]: Failure } = {
  VALIDATION_FAILED: invalid(
    "profile.dateOfBirth",
    "must be an existing day written YYYY-MM-DD, not before 1900-01-01"
  ),
  INVALID_EMAIL_FORMAT: invalid(
    "email",
    "must be one mail address such as jane@example.com (international domains in their xn-- form)"
  ),
  WEAK_PASSWORD: failureOf(new WeakPassword({ message: "must be at least 8 characters long" })),
  INVALID_CUSTOMER_ID: invalid("customerId", "must be a UUID or a number from 1 to 4294967295"),
  ADDRESS_LIMIT_EXCEEDED: failureOf(new AddressLimitExceeded({ customerId, limit: 10 })),
  INVALID_TOKEN: failureOf(new TokenRefused()),
  INVALID_CODE: failureOf(new CodeRefused({ customerId })),
  UNAUTHENTICATED: { code: "UNAUTHENTICATED", message: "The access token has expired" },
  INVALID_CREDENTIALS: failureOf(new InvalidCredentials()),
  INVALID_REFRESH_TOKEN: failureOf(new RefreshRefused()),
  FORBIDDEN: failureOf(new ActionForbidden({ reason: "listing customers needs the scope customers:admin" })),
  EMAIL_NOT_VERIFIED: failureOf(new EmailNotVerified({ customerId })),
  ACCOUNT_SUSPENDED: failureOf(new AccountSuspended({ customerId })),
  CUSTOMER_NOT_FOUND: failureOf(new CustomerNotFound({ customerId })),
  ADDRESS_NOT_FOUND: failureOf(new AddressNotFound({ customerId, addressId })),
  SESSION_NOT_FOUND: failureOf(new SessionStore.SessionNotFound({ sessionId })),
  ERASURE_NOT_FOUND: failureOf(new ErasureNotFound({ customerId })),
  SEGMENT_NOT_FOUND: failureOf(new SegmentNotFound({ segment: "vip-customers" })),
  NOT_FOUND: { code: "NOT_FOUND", message: "There is nothing at this path" },
  METHOD_NOT_ALLOWED: { code: "METHOD_NOT_ALLOWED", message: "This path takes GET, PUT, DELETE, HEAD" },
  EMAIL_ALREADY_EXISTS: failureOf(new EmailTaken()),
  PHONE_MISSING: failureOf(new PhoneMissing({ customerId })),
  STATUS_CONFLICT: failureOf(new StatusConflict({ customerId, status: "active" })),
  ERASURE_UNDER_WAY: failureOf(new ErasureUnderWay({ customerId })),
  SEGMENT_NAME_TAKEN: failureOf(new SegmentNameTaken({ name: "vip-customers" })),
  SEGMENT_IN_USE: failureOf(new SegmentInUse({ name: "vip-customers", by: ["faithful-vips"] })),
  SEGMENT_LIMIT_EXCEEDED: failureOf(new SegmentLimitExceeded({ limit: 500 })),
  VERSION_CONFLICT: failureOf(new VersionConflict({ customerId, current: 43 })),
  PAYLOAD_TOO_LARGE: { code: "PAYLOAD_TOO_LARGE", message: "The body must be at most 65536 bytes" },
  UNSUPPORTED_MEDIA_TYPE: { code: "UNSUPPORTED_MEDIA_TYPE", message: "The body must be sent as application/json" },
  IDEMPOTENCY_KEY_REUSED: failureOf(new IdempotencyKeyReused()),
  RATE_LIMITED: { code: "RATE_LIMITED", message: "At most 1000 requests a minute; try again later" },
  TOO_MANY_ATTEMPTS: failureOf(new AttemptLimiter.TooManyAttempts({ retryAfterSeconds: 900 })),
  SEGMENT_UPDATE_FAILED: failureOf(new Standings.SegmentUpdateFailed({ customerId })),
  INTERNAL_ERROR: { code: "INTERNAL_ERROR", message: "The service failed; tell its operators the correlation id" },
  PREVIEW_TIMED_OUT: failureOf(new PreviewTooSlow({ seconds: 5 })),
  SERVICE_UNAVAILABLE: failureOf(new StorageUnavailable())
}

/** The body that a code comes with, with details of its own where an operation has better ones. */
export const failureExample = (code: FailureCode, details = told[code].details ?? []): FailureBody => ({
  success: false,
  error: { code, message: told[code].message, details, correlationId: "0f8fad5b-d9cb-469f-a165-70867728950e" }
})
