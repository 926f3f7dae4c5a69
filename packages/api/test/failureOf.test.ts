import { assert, describe, it } from "@effect/vitest"
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
  HolderUnavailable,
  IdempotencyKeyReused,
  inputIssues,
  InvalidCredentials,
  CredentialsChanged,
  InvalidInput,
  PasswordHasher,
  PhoneMissing,
  PreviewTooSlow,
  RefreshRefused,
  SegmentInUse,
  SegmentLimitExceeded,
  SegmentNameTaken,
  SegmentNotFound,
  SegmentVersionConflict,
  SessionStore,
  Standings,
  StatusConflict,
  StorageUnavailable,
  UpstreamUnavailable,
  TokenRefused,
  VersionConflict,
  WeakPassword
} from "@customer-service/core"
import { Result, Schema } from "effect"
import {
  CreateCustomer,
  type DomainError,
  failureOf,
  failures,
  LogIn,
  RegisterCustomer,
  ResetPassword,
  UpdateCustomer,
  validationFailure
} from "../src/index.ts"
import { answers, at, declaredCodes, document, entries } from "./support/document.ts"

const customerId = "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70"

const errors: { readonly [Tag in DomainError["_tag"]]: Extract<DomainError, { _tag: Tag }> } = {
  AccountSuspended: new AccountSuspended({ customerId }),
  ActionForbidden: new ActionForbidden({ reason: "no" }),
  AddressLimitExceeded: new AddressLimitExceeded({ customerId, limit: 10 }),
  AddressNotFound: new AddressNotFound({ customerId, addressId: customerId }),
  CredentialsChanged: new CredentialsChanged({ customerId }),
  CodeRefused: new CodeRefused({ customerId }),
  CustomerNotFound: new CustomerNotFound({ customerId }),
  EmailNotVerified: new EmailNotVerified({ customerId }),
  EmailTaken: new EmailTaken(),
  ErasureNotFound: new ErasureNotFound({ customerId }),
  ErasureUnderWay: new ErasureUnderWay({ customerId }),
  HasherBusy: new PasswordHasher.HasherBusy(),
  HolderUnavailable: new HolderUnavailable({ holder: "sessions" }),
  IdempotencyKeyReused: new IdempotencyKeyReused(),
  InvalidCredentials: new InvalidCredentials(),
  InvalidInput: new InvalidInput({ issues: [{ path: "profile.phone", message: "must be shorter" }] }),
  PhoneMissing: new PhoneMissing({ customerId }),
  PreviewTooSlow: new PreviewTooSlow({ seconds: 5 }),
  RefreshRefused: new RefreshRefused(),
  SegmentInUse: new SegmentInUse({ name: "faithful", by: ["friends", "family"] }),
  SegmentLimitExceeded: new SegmentLimitExceeded({ limit: 500 }),
  SegmentNameTaken: new SegmentNameTaken({ name: "faithful" }),
  SegmentNotFound: new SegmentNotFound({ segment: "faithful" }),
  SegmentUpdateFailed: new Standings.SegmentUpdateFailed({ customerId }),
  SegmentVersionConflict: new SegmentVersionConflict({ name: "faithful", current: 7 }),
  SessionNotFound: new SessionStore.SessionNotFound({ sessionId: customerId }),
  SessionsUnavailable: new SessionStore.SessionsUnavailable(),
  StatusConflict: new StatusConflict({ customerId, status: "active" }),
  StorageUnavailable: new StorageUnavailable(),
  UpstreamUnavailable: new UpstreamUnavailable({ service: "orders", reason: "no answer in time" }),
  TokenRefused: new TokenRefused(),
  TooManyAttempts: new AttemptLimiter.TooManyAttempts({ retryAfterSeconds: 900 }),
  VersionConflict: new VersionConflict({ customerId, current: 7 }),
  WeakPassword: new WeakPassword({ message: "must be longer" })
}

const fieldErrors = ["email", "password", "newPassword", "customerId"].map(
  (path) => new InvalidInput({ issues: [{ path, message: "must be another" }] })
)

const documented = new Set(answers.flatMap(({ media }) => declaredCodes(media)))
const exemplified = entries(at(document, "components", "examples")).map(([code]) => code)

describe("the failure of a domain error", () => {
  it.each([...Object.values(errors), ...fieldErrors])("$_tag is documented, with an example", (error) => {
    const { code, message } = failureOf(error)
    assert.property(failures, code)
    assert.isNotEmpty(message)
    assert.isTrue(documented.has(code))
    assert.include(exemplified, code)
  })

  it("names the current version of a customer, or a segment, that has changed", () => {
    for (const error of [errors.VersionConflict, errors.SegmentVersionConflict]) {
      assert.deepStrictEqual(failureOf(error).details, [{ path: "version", message: "is 7 now" }])
    }
  })

  it("names the segments whose rules ask for one that is to go, as far as an answer holds them", () => {
    assert.deepStrictEqual(failureOf(errors.SegmentInUse).details, [
      { path: "segmentId", message: "is asked for by friends" },
      { path: "segmentId", message: "is asked for by family" }
    ])
    const by = Array.from({ length: 499 }, (_, index) => `segment-${index}`)
    const { details = [] } = failureOf(new SegmentInUse({ name: "faithful", by }))
    assert.deepStrictEqual([details.length, details.at(-1)], [101, { path: "", message: "and 399 more issues" }])
  })

  it("says what helps a rule that takes too long", () => {
    assert.match(failureOf(errors.PreviewTooSlow).message, /narrow the rule/)
  })

  it("names the field that a weak password came in", () => {
    const weak = new WeakPassword({ message: "must be longer", path: "newPassword" })
    assert.deepInclude(failureOf(weak), {
      code: "WEAK_PASSWORD",
      details: [{ path: "newPassword", message: "must be longer" }]
    })
  })

  it("repeats no id", () => {
    for (const error of Object.values(errors)) assert.notInclude(JSON.stringify(failureOf(error)), customerId)
  })
})

const issuesOf = (schema: Schema.Decoder<unknown>, body: unknown) => {
  const read = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })(body)
  return Result.isFailure(read) ? inputIssues(read.failure.issue) : []
}

describe("a body that breaks rules", () => {
  it("is told every one of them, by path and without what was given", () => {
    const issues = issuesOf(CreateCustomer, {
      email: "jane@@example.com",
      nickname: "JJ",
      profile: { phone: "555-CALL", dateOfBirth: "1899-12-31", avatar: "ftp://example.com" },
      preferences: { language: "en_US", currency: "ABC", timezone: "Mars/Base" },
      registrationSource: " "
    })
    assert.sameDeepMembers(
      [...issues],
      [
        {
          path: "email",
          message: "must be one mail address such as jane@example.com (international domains in their xn-- form)"
        },
        { path: "nickname", message: "is not a field here" },
        {
          path: "profile.phone",
          message: "must be a telephone number of 7 to 15 digits, written with +, digits, spaces and ( ) . - /"
        },
        {
          path: "profile.dateOfBirth",
          message: "must be an existing day written YYYY-MM-DD, not before 1900-01-01"
        },
        { path: "profile.avatar", message: "must be an http or https address" },
        { path: "preferences.language", message: "must be a language tag such as en or pt-BR" },
        { path: "preferences.currency", message: "must be an ISO 4217 currency code such as USD" },
        { path: "preferences.timezone", message: "must be an IANA time zone such as Europe/Berlin" },
        { path: "registrationSource", message: "must not be empty" }
      ]
    )
    assert.strictEqual(validationFailure(issues).code, "VALIDATION_FAILED")
  })

  it.each([
    ["email", "INVALID_EMAIL_FORMAT"],
    ["password", "WEAK_PASSWORD"]
  ])("has a code of its own where only %s is wrong", (field, code) => {
    const issues = issuesOf(CreateCustomer, { email: "jane@example.com", [field]: "x".repeat(2000) })
    assert.strictEqual(validationFailure(issues).code, code)
  })

  it("has a code of its own where a new password alone is wrong", () => {
    const chosen = issuesOf(RegisterCustomer, { email: "jane@example.com", password: "x".repeat(2000) })
    assert.strictEqual(validationFailure(chosen).code, "WEAK_PASSWORD")
    const reset = issuesOf(ResetPassword, { token: "t", newPassword: "x".repeat(2000) })
    assert.strictEqual(validationFailure(reset).code, "WEAK_PASSWORD")
  })

  it.each(["x".repeat(2000), 12345678, null])("has no such code where a password is not chosen", (password) => {
    const issues = issuesOf(LogIn, { email: "jane@example.com", password })
    assert.deepInclude(validationFailure(issues), {
      code: "VALIDATION_FAILED",
      details: [{ path: "password", message: "cannot be a password" }]
    })
  })

  it.each(["email", "password", "customerId"])("has no such code for %s where it is no field", (field) => {
    assert.strictEqual(validationFailure(issuesOf(UpdateCustomer, { [field]: "x" })).code, "VALIDATION_FAILED")
  })
})
