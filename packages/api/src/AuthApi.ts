import { CustomerId, Email, NewCustomer, Session } from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { success } from "./Envelope.ts"
import { failure } from "./Failure.ts"
import { PublicAccess, publicEndpoint } from "./PublicAccess.ts"
import { GivenPassword, Issued, MailedToken, NewPassword, RefreshToken } from "./secrets.ts"

/** The body of a registration: that of POST /v1/customers with a password. */
export const RegisterCustomer = Schema.Struct({ ...NewCustomer.fields, password: NewPassword }).annotate({
  identifier: "RegisterCustomer"
})

export const LogIn = Schema.Struct({ email: Email.EmailInput, password: GivenPassword }).annotate({
  identifier: "LogIn"
})

export const RefreshSession = Schema.Struct({ refreshToken: RefreshToken }).annotate({ identifier: "RefreshSession" })

/** The body of a log-out; empty where the access token names the session. */
export const LogOut = Schema.Struct({ refreshToken: Schema.optionalKey(RefreshToken) }).annotate({
  identifier: "LogOut"
})

export const VerifyEmail = Schema.Struct({ token: MailedToken }).annotate({ identifier: "VerifyEmail" })

/** A body that names a mail address and nothing else. */
export const MailAddress = Schema.Struct({ email: Email.EmailInput }).annotate({ identifier: "MailAddress" })

export const ResetPassword = Schema.Struct({ token: MailedToken, newPassword: NewPassword }).annotate({
  identifier: "ResetPassword"
})

const done = Schema.Literal(true)

/** The request was taken on; what comes of it is told elsewhere. */
export const AcceptedAnswer = success("AcceptedAnswer", { accepted: done }).pipe(HttpApiSchema.status(202))

export const SessionGranted = success("SessionGranted", {
  accessToken: Issued("Goes with every request: `Authorization: Bearer …`."),
  tokenType: Schema.Literal("Bearer"),
  expiresIn: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).annotate({
    description: "Seconds until the access token expires.",
    examples: [900]
  }),
  refreshToken: Issued("Brings the next access token, once: each refresh gives a new one."),
  sessionId: Session.SessionId,
  customerId: CustomerId
})

export const LoggedOut = success("LoggedOut", { loggedOut: done })

export const EmailVerified = success("EmailVerified", {
  verified: done,
  customerId: CustomerId,
  passwordRequired: Schema.Boolean.annotate({
    description: "She has no password, and sets one by `forgotPassword` before she can log in."
  })
})

export const PasswordReset = success("PasswordReset", { reset: done, customerId: CustomerId })

const register = HttpApiEndpoint.post("registerCustomer", "/v1/customers/auth/register", {
  payload: RegisterCustomer,
  success: AcceptedAnswer,
  error: [failure("INVALID_EMAIL_FORMAT"), failure("WEAK_PASSWORD"), failure("TOO_MANY_ATTEMPTS")]
})
  .annotateMerge(publicEndpoint("ignored"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Register",
      description:
        "A customer signs herself up. The answer is the same for every address, and no existing account is changed: " +
        "what is to be done next is told to the address by mail."
    })
  )

const logIn = HttpApiEndpoint.post("logIn", "/v1/customers/auth/login", {
  payload: LogIn,
  success: SessionGranted,
  error: [
    failure("INVALID_EMAIL_FORMAT"),
    failure("INVALID_CREDENTIALS"),
    failure("EMAIL_NOT_VERIFIED"),
    failure("ACCOUNT_SUSPENDED"),
    failure("TOO_MANY_ATTEMPTS")
  ]
})
  .annotateMerge(publicEndpoint("ignored"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Log in",
      description:
        "Opens a session. A wrong password, an unknown address and a closed account are answered alike, and so are " +
        "too many attempts on any of them."
    })
  )

const refresh = HttpApiEndpoint.post("refreshSession", "/v1/customers/auth/refresh", {
  payload: RefreshSession,
  success: SessionGranted,
  error: failure("INVALID_REFRESH_TOKEN")
})
  .annotateMerge(publicEndpoint("ignored"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Refresh a session",
      description:
        "Exchanges the newest refresh token for a new one and a new access token. For ten seconds it may be sent " +
        "again, for the same answer; one that is older ends the session."
    })
  )

const logOut = HttpApiEndpoint.post("logOut", "/v1/customers/auth/logout", {
  payload: [Schema.Undefined, LogOut],
  success: LoggedOut,
  error: failure("UNAUTHENTICATED")
})
  .annotateMerge(publicEndpoint("optional"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Log out",
      description: "Ends the session of the refresh token, or without a body that of the access token."
    })
  )

const verifyEmail = HttpApiEndpoint.post("verifyEmail", "/v1/customers/auth/email/verify", {
  payload: VerifyEmail,
  success: EmailVerified,
  error: [failure("INVALID_TOKEN"), failure("EMAIL_ALREADY_EXISTS")]
})
  .annotateMerge(publicEndpoint("optional"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Verify a mail address",
      description:
        "Proves the address of a new account, or the new one of an account, by the token that was sent to it. A " +
        "customer who is logged in can use her own alone."
    })
  )

const resend = HttpApiEndpoint.post("resendVerification", "/v1/customers/auth/email/resend", {
  payload: MailAddress,
  success: AcceptedAnswer,
  error: [failure("INVALID_EMAIL_FORMAT"), failure("TOO_MANY_ATTEMPTS")]
})
  .annotateMerge(publicEndpoint("ignored"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Send the verification once more",
      description: "Goes out if there is something to verify. The answer is the same for every address."
    })
  )

const forgot = HttpApiEndpoint.post("forgotPassword", "/v1/customers/auth/password/forgot", {
  payload: MailAddress,
  success: AcceptedAnswer,
  error: [failure("INVALID_EMAIL_FORMAT"), failure("TOO_MANY_ATTEMPTS")]
})
  .annotateMerge(publicEndpoint("ignored"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Ask for a new password",
      description: "Sends a link, if the address is a customer's. The answer is the same for every address."
    })
  )

const reset = HttpApiEndpoint.post("resetPassword", "/v1/customers/auth/password/reset", {
  payload: ResetPassword,
  success: PasswordReset,
  error: [failure("INVALID_TOKEN"), failure("WEAK_PASSWORD")]
})
  .annotateMerge(publicEndpoint("ignored"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Set a new password",
      description:
        "By the token that was sent to the address. Every session ends; a password that is refused costs no token."
    })
  )

/** Signing up, logging in and out, and getting back in. */
export class AuthApi extends HttpApiGroup.make("auth", { topLevel: true })
  .add(register, logIn, refresh, logOut, verifyEmail, resend, forgot, reset)
  .middleware(PublicAccess)
  .annotateMerge(
    OpenApi.annotations({ title: "Authentication", description: "Signing up, logging in and out, getting back in." })
  ) {}
