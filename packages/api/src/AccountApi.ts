import { Session, Text } from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { AcceptedAnswer, MailAddress } from "./AuthApi.ts"
import { Authorization, requires } from "./Authorization.ts"
import { CustomerAnswer } from "./CustomerApi.ts"
import { success } from "./Envelope.ts"
import { bodyFailures, customerFailures, failure } from "./Failure.ts"
import { ConditionalWrite, customerPath, KeyedWrite, NoBody, sessionPath } from "./requestParts.ts"
import { GivenPassword, NewPassword, PhoneCode } from "./secrets.ts"

export const ChangePassword = Schema.Struct({ currentPassword: GivenPassword, newPassword: NewPassword }).annotate({
  identifier: "ChangePassword"
})

export const ConfirmPhone = Schema.Struct({ code: PhoneCode }).annotate({ identifier: "ConfirmPhone" })

/** The body of a decision about an account. */
export const Decision = Schema.Struct({
  reason: Text.RequiredText(500).annotate({ description: "Why, for the audit.", examples: ["chargeback 4711"] })
}).annotate({ identifier: "Decision" })

const { id, openedAt, refreshedAt } = Session.Session.fields

const OpenSession = Schema.Struct({
  id,
  openedAt,
  refreshedAt,
  userAgent: Schema.optionalKey(
    Schema.String.annotate({ description: "The program that she logged in with, in its own words." })
  ),
  current: Schema.Boolean.annotate({ description: "It is the session that asks." })
}).annotate({ identifier: "Session" })

export const PasswordChanged = success("PasswordChanged", { changed: Schema.Literal(true) })

export const SessionsAnswer = success("SessionsAnswer", { sessions: Schema.Array(OpenSession) })

const changePassword = HttpApiEndpoint.post("changePassword", "/v1/customers/:customerId/password", {
  params: customerPath,
  payload: ChangePassword,
  success: PasswordChanged,
  error: [
    ...customerFailures,
    ...bodyFailures,
    failure("INVALID_CREDENTIALS"),
    failure("WEAK_PASSWORD"),
    failure("TOO_MANY_ATTEMPTS")
  ]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Change the password",
      description: "For somebody who knows the present one. Every session but her own ends."
    })
  )

const changeEmail = HttpApiEndpoint.post("changeEmail", "/v1/customers/:customerId/email", {
  params: customerPath,
  headers: KeyedWrite,
  payload: MailAddress,
  success: AcceptedAnswer,
  error: [
    failure("ACCOUNT_SUSPENDED"),
    ...customerFailures,
    ...bodyFailures,
    failure("INVALID_EMAIL_FORMAT"),
    failure("IDEMPOTENCY_KEY_REUSED"),
    failure("TOO_MANY_ATTEMPTS")
  ]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Ask for another mail address",
      description:
        "It takes the place of the present one once the link that is sent to it was followed; the present one is told."
    })
  )

const listSessions = HttpApiEndpoint.get("listSessions", "/v1/customers/:customerId/sessions", {
  params: customerPath,
  success: SessionsAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(OpenApi.annotations({ summary: "List open sessions", description: "Newest first." }))

const endSessions = HttpApiEndpoint.delete("endSessions", "/v1/customers/:customerId/sessions", {
  params: customerPath,
  success: SessionsAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "End every session",
      description: "Also the one that asks. Access tokens of an ended session are refused from then on."
    })
  )

const endSession = HttpApiEndpoint.delete("endSession", "/v1/customers/:customerId/sessions/:sessionId", {
  params: sessionPath,
  success: SessionsAnswer,
  error: [...customerFailures, failure("VALIDATION_FAILED"), failure("SESSION_NOT_FOUND")]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(OpenApi.annotations({ summary: "End a session", description: "Answers the sessions that are left." }))

const requestPhone = HttpApiEndpoint.post("requestPhoneVerification", "/v1/customers/:customerId/phone/verification", {
  params: customerPath,
  headers: KeyedWrite,
  payload: NoBody,
  success: AcceptedAnswer,
  error: [
    ...customerFailures,
    ...bodyFailures,
    failure("PHONE_MISSING"),
    failure("IDEMPOTENCY_KEY_REUSED"),
    failure("TOO_MANY_ATTEMPTS")
  ]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Verify the phone",
      description: "Sends a code of six digits to the phone of the profile."
    })
  )

const phoneConfirmation = {
  params: customerPath,
  headers: KeyedWrite,
  payload: ConfirmPhone,
  success: CustomerAnswer,
  error: [
    ...customerFailures,
    ...bodyFailures,
    failure("INVALID_CODE"),
    failure("IDEMPOTENCY_KEY_REUSED"),
    failure("TOO_MANY_ATTEMPTS")
  ]
} as const

const confirmPhone = HttpApiEndpoint.post(
  "confirmPhone",
  "/v1/customers/:customerId/phone/verification/confirm",
  phoneConfirmation
)
  .annotateMerge(requires("customers:write"))
  .annotateMerge(OpenApi.annotations({ summary: "Confirm the phone", description: "By the code that was sent to it." }))

const confirmPhoneShort = HttpApiEndpoint.post(
  "confirmPhoneShort",
  "/v1/customers/:customerId/phone/confirm",
  phoneConfirmation
)
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({ summary: "Confirm the phone", description: "The same as `confirmPhone` by a shorter path." })
  )

const decision = {
  params: customerPath,
  headers: { ...KeyedWrite, ...ConditionalWrite },
  payload: Decision,
  success: CustomerAnswer,
  error: [...customerFailures, ...bodyFailures, failure("VERSION_CONFLICT"), failure("IDEMPOTENCY_KEY_REUSED")]
} as const

const suspend = HttpApiEndpoint.post("suspendCustomer", "/v1/customers/:customerId/suspend", decision)
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Suspend a customer",
      description: "Keeps her out until she is let in again, and ends every session."
    })
  )

const reactivate = HttpApiEndpoint.post("reactivateCustomer", "/v1/customers/:customerId/reactivate", {
  ...decision,
  error: [...decision.error, failure("STATUS_CONFLICT")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Reactivate a customer",
      description: "Opens a suspended or a closed account again; an erasure that is planned for it is cancelled."
    })
  )

/** What a customer does about her own account, and staff about anybody's. */
export class AccountApi extends HttpApiGroup.make("account", { topLevel: true })
  .add(changePassword, changeEmail, listSessions, endSessions, endSession)
  .add(requestPhone, confirmPhone, confirmPhoneShort, suspend, reactivate)
  .middleware(Authorization)
  .annotateMerge(
    OpenApi.annotations({ title: "Account", description: "Password, mail address, phone, sessions and status." })
  ) {}
