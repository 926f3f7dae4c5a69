import { InputIssue } from "@customer-service/core"
import { Schema, SchemaTransformation } from "effect"
import { HttpApiSchema } from "effect/http-api"

/** Every error code with its HTTP status and what it means. */
export const failures = {
  VALIDATION_FAILED: { status: 400, description: "The request breaks a rule; `details` names each place." },
  INVALID_EMAIL_FORMAT: { status: 400, description: "The mail address is not one." },
  WEAK_PASSWORD: { status: 400, description: "The password does not meet the requirements." },
  INVALID_CUSTOMER_ID: { status: 400, description: "The id in the path is neither a UUID nor 1 to 4294967295." },
  ADDRESS_LIMIT_EXCEEDED: { status: 400, description: "The address book is full." },
  INVALID_TOKEN: { status: 400, description: "The token is unknown or somebody else's, has expired or was used." },
  INVALID_CODE: { status: 400, description: "The code is not the one that was sent, or its time is over." },
  UNAUTHENTICATED: { status: 401, description: "The access token is missing, expired or not valid here." },
  INVALID_CREDENTIALS: { status: 401, description: "A wrong password, or no such account: nobody is told which." },
  INVALID_REFRESH_TOKEN: { status: 401, description: "The refresh token belongs to no open session: log in again." },
  FORBIDDEN: { status: 403, description: "The access token does not allow this." },
  EMAIL_NOT_VERIFIED: { status: 403, description: "The password is right; the mail address is still to be verified." },
  ACCOUNT_SUSPENDED: { status: 403, description: "The password is right; the account is suspended." },
  CUSTOMER_NOT_FOUND: { status: 404, description: "No customer of this id, or none that the caller may see." },
  ADDRESS_NOT_FOUND: { status: 404, description: "The address book holds no address of this id." },
  SESSION_NOT_FOUND: { status: 404, description: "No session of this id is open." },
  ERASURE_NOT_FOUND: { status: 404, description: "No erasure of this customer was ever planned." },
  SEGMENT_NOT_FOUND: { status: 404, description: "No segment of this id or name." },
  NOT_FOUND: { status: 404, description: "There is nothing at this path." },
  METHOD_NOT_ALLOWED: { status: 405, description: "The path does not take this method; `Allow` names those it takes." },
  EMAIL_ALREADY_EXISTS: { status: 409, description: "Another customer has this mail address." },
  PHONE_MISSING: { status: 409, description: "The customer has no phone that could be verified." },
  STATUS_CONFLICT: { status: 409, description: "The account is in a status that this cannot be done in." },
  ERASURE_UNDER_WAY: { status: 409, description: "The erasure is running or done: it cannot be planned or cancelled." },
  SEGMENT_NAME_TAKEN: { status: 409, description: "Another segment has this name." },
  SEGMENT_IN_USE: { status: 409, description: "The rules of other segments, which `details` names, ask for this one." },
  SEGMENT_LIMIT_EXCEEDED: { status: 409, description: "There are as many segments as there may be." },
  VERSION_CONFLICT: {
    status: 412,
    description: "The customer, or the segment, has changed since; `ETag` has the current version."
  },
  PAYLOAD_TOO_LARGE: { status: 413, description: "The body is larger than 64 KiB." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, description: "The body must be application/json." },
  IDEMPOTENCY_KEY_REUSED: { status: 422, description: "The Idempotency-Key was used with another body." },
  RATE_LIMITED: { status: 429, description: "Too many requests; `Retry-After` says when to come back." },
  TOO_MANY_ATTEMPTS: { status: 429, description: "Too many attempts; `Retry-After` says when to try again." },
  SEGMENT_UPDATE_FAILED: {
    status: 500,
    description: "The segment could not be written; try again, less often each time."
  },
  INTERNAL_ERROR: { status: 500, description: "The service failed; its log knows the correlation id." },
  PREVIEW_TIMED_OUT: { status: 503, description: "Whom the rule fits could not be counted in time: narrow the rule." },
  SERVICE_UNAVAILABLE: { status: 503, description: "The service cannot answer now; `Retry-After` says when to try." }
} as const

export type FailureCode = keyof typeof failures

/** A failure as the service sends it. */
export interface FailureBody {
  readonly success: false
  readonly error: {
    readonly code: FailureCode
    readonly message: string
    readonly details: ReadonlyArray<InputIssue>
    readonly correlationId: string
  }
}

const Issue = InputIssue.annotate({ identifier: "InputIssue" })
const details = Schema.Array(Issue).annotate({
  description: "Each thing that is wrong with the request; empty where there is nothing to name."
})
const message = Schema.String.annotate({ description: "One sentence for people. Programs go by the code." })
const correlationId = Schema.String.annotate({
  description: "The id of the request, as in X-Correlation-Id; the service's log knows it."
})

/** The name of a failure's schema in the OpenAPI document: `RateLimited` for `RATE_LIMITED`. */
export const schemaName = (code: FailureCode): string =>
  code.replace(/[A-Z]+_?/g, (word) => word.charAt(0) + word.slice(1).replace("_", "").toLowerCase())

const schemaOf = <const Code extends FailureCode>(code: Code) =>
  Schema.Struct({
    success: Schema.Literal(false),
    error: Schema.Struct({ code: Schema.Literal(code), message, details, correlationId })
  })
    .annotate({ identifier: schemaName(code), description: failures[code].description })
    .pipe(
      Schema.decodeTo(
        Schema.Struct({ _tag: Schema.Literal(code), message, details, correlationId }),
        SchemaTransformation.transform({
          decode: ({ error: { code: _tag, ...rest } }) => ({ _tag, ...rest }),
          encode: ({ _tag, ...rest }) => ({ success: false as const, error: { code: _tag, ...rest } })
        })
      ),
      HttpApiSchema.status(failures[code].status)
    )

// One schema a code, so that the document has one component for each.
const schemas = {
  VALIDATION_FAILED: schemaOf("VALIDATION_FAILED"),
  INVALID_EMAIL_FORMAT: schemaOf("INVALID_EMAIL_FORMAT"),
  WEAK_PASSWORD: schemaOf("WEAK_PASSWORD"),
  INVALID_CUSTOMER_ID: schemaOf("INVALID_CUSTOMER_ID"),
  ADDRESS_LIMIT_EXCEEDED: schemaOf("ADDRESS_LIMIT_EXCEEDED"),
  INVALID_TOKEN: schemaOf("INVALID_TOKEN"),
  INVALID_CODE: schemaOf("INVALID_CODE"),
  UNAUTHENTICATED: schemaOf("UNAUTHENTICATED"),
  INVALID_CREDENTIALS: schemaOf("INVALID_CREDENTIALS"),
  INVALID_REFRESH_TOKEN: schemaOf("INVALID_REFRESH_TOKEN"),
  FORBIDDEN: schemaOf("FORBIDDEN"),
  EMAIL_NOT_VERIFIED: schemaOf("EMAIL_NOT_VERIFIED"),
  ACCOUNT_SUSPENDED: schemaOf("ACCOUNT_SUSPENDED"),
  CUSTOMER_NOT_FOUND: schemaOf("CUSTOMER_NOT_FOUND"),
  ADDRESS_NOT_FOUND: schemaOf("ADDRESS_NOT_FOUND"),
  SESSION_NOT_FOUND: schemaOf("SESSION_NOT_FOUND"),
  ERASURE_NOT_FOUND: schemaOf("ERASURE_NOT_FOUND"),
  SEGMENT_NOT_FOUND: schemaOf("SEGMENT_NOT_FOUND"),
  NOT_FOUND: schemaOf("NOT_FOUND"),
  METHOD_NOT_ALLOWED: schemaOf("METHOD_NOT_ALLOWED"),
  EMAIL_ALREADY_EXISTS: schemaOf("EMAIL_ALREADY_EXISTS"),
  PHONE_MISSING: schemaOf("PHONE_MISSING"),
  STATUS_CONFLICT: schemaOf("STATUS_CONFLICT"),
  ERASURE_UNDER_WAY: schemaOf("ERASURE_UNDER_WAY"),
  SEGMENT_NAME_TAKEN: schemaOf("SEGMENT_NAME_TAKEN"),
  SEGMENT_IN_USE: schemaOf("SEGMENT_IN_USE"),
  SEGMENT_LIMIT_EXCEEDED: schemaOf("SEGMENT_LIMIT_EXCEEDED"),
  VERSION_CONFLICT: schemaOf("VERSION_CONFLICT"),
  PAYLOAD_TOO_LARGE: schemaOf("PAYLOAD_TOO_LARGE"),
  UNSUPPORTED_MEDIA_TYPE: schemaOf("UNSUPPORTED_MEDIA_TYPE"),
  IDEMPOTENCY_KEY_REUSED: schemaOf("IDEMPOTENCY_KEY_REUSED"),
  RATE_LIMITED: schemaOf("RATE_LIMITED"),
  TOO_MANY_ATTEMPTS: schemaOf("TOO_MANY_ATTEMPTS"),
  SEGMENT_UPDATE_FAILED: schemaOf("SEGMENT_UPDATE_FAILED"),
  INTERNAL_ERROR: schemaOf("INTERNAL_ERROR"),
  PREVIEW_TIMED_OUT: schemaOf("PREVIEW_TIMED_OUT"),
  SERVICE_UNAVAILABLE: schemaOf("SERVICE_UNAVAILABLE")
}

/**
 * The schema of one failure: `{"success":false,"error":{…}}` on the wire, for callers of the typed client a value
 * tagged with the code.
 */
export const failure = <const Code extends FailureCode>(code: Code): (typeof schemas)[Code] => schemas[code]

/** How a request for one customer can fail. */
export const customerFailures = [failure("INVALID_CUSTOMER_ID"), failure("CUSTOMER_NOT_FOUND")] as const

/** How a request with a body can fail. */
export const bodyFailures = [
  failure("VALIDATION_FAILED"),
  failure("PAYLOAD_TOO_LARGE"),
  failure("UNSUPPORTED_MEDIA_TYPE")
] as const
