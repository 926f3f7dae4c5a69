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
  UNAUTHENTICATED: { status: 401, description: "The access token is missing, expired or not valid here." },
  FORBIDDEN: { status: 403, description: "The access token does not allow this." },
  CUSTOMER_NOT_FOUND: { status: 404, description: "No customer of this id, or none that the caller may see." },
  ADDRESS_NOT_FOUND: { status: 404, description: "The address book holds no address of this id." },
  NOT_FOUND: { status: 404, description: "There is nothing at this path." },
  METHOD_NOT_ALLOWED: { status: 405, description: "The path does not take this method; `Allow` names those it takes." },
  EMAIL_ALREADY_EXISTS: { status: 409, description: "Another customer has this mail address." },
  VERSION_CONFLICT: { status: 412, description: "The customer has changed since; `ETag` has the current version." },
  PAYLOAD_TOO_LARGE: { status: 413, description: "The body is larger than 64 KiB." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, description: "The body must be application/json." },
  IDEMPOTENCY_KEY_REUSED: { status: 422, description: "The Idempotency-Key was used with another body." },
  RATE_LIMITED: { status: 429, description: "Too many requests; `Retry-After` says when to come back." },
  INTERNAL_ERROR: { status: 500, description: "The service failed; its log knows the correlation id." },
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
  UNAUTHENTICATED: schemaOf("UNAUTHENTICATED"),
  FORBIDDEN: schemaOf("FORBIDDEN"),
  CUSTOMER_NOT_FOUND: schemaOf("CUSTOMER_NOT_FOUND"),
  ADDRESS_NOT_FOUND: schemaOf("ADDRESS_NOT_FOUND"),
  NOT_FOUND: schemaOf("NOT_FOUND"),
  METHOD_NOT_ALLOWED: schemaOf("METHOD_NOT_ALLOWED"),
  EMAIL_ALREADY_EXISTS: schemaOf("EMAIL_ALREADY_EXISTS"),
  VERSION_CONFLICT: schemaOf("VERSION_CONFLICT"),
  PAYLOAD_TOO_LARGE: schemaOf("PAYLOAD_TOO_LARGE"),
  UNSUPPORTED_MEDIA_TYPE: schemaOf("UNSUPPORTED_MEDIA_TYPE"),
  IDEMPOTENCY_KEY_REUSED: schemaOf("IDEMPOTENCY_KEY_REUSED"),
  RATE_LIMITED: schemaOf("RATE_LIMITED"),
  INTERNAL_ERROR: schemaOf("INTERNAL_ERROR"),
  SERVICE_UNAVAILABLE: schemaOf("SERVICE_UNAVAILABLE")
}

/**
 * The schema of one failure: `{"success":false,"error":{…}}` on the wire, for callers of the typed client a value
 * tagged with the code.
 */
export const failure = <const Code extends FailureCode>(code: Code): (typeof schemas)[Code] => schemas[code]
