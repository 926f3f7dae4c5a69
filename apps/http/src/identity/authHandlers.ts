import { Api } from "@customer-service/api"
import { Logins, Passwords, Registrations } from "@customer-service/core"
import { Effect, Redacted } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { keptNowhere } from "../gateway/commonHeaders.ts"
import { accepted, answering, succeeding, unauthenticated } from "../gateway/answers.ts"

const granted = ({ accessToken, expiresIn, refreshToken, sessionId, customerId }: Logins.Grant) =>
  succeeding(
    {
      accessToken: Redacted.value(accessToken),
      tokenType: "Bearer",
      expiresIn,
      refreshToken: Redacted.value(refreshToken),
      sessionId,
      customerId
    },
    { headers: keptNowhere }
  )

/** The endpoints that are open to everybody: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "auth", (handlers) =>
  handlers.handleAll({
    registerCustomer: ({ payload: { password, ...input } }) =>
      answering(Effect.as(Registrations.register(input, password), accepted)),
    logIn: ({ payload: { email, password } }) => answering(Effect.map(Logins.logIn(email, password), granted)),
    refreshSession: ({ payload: { refreshToken } }) => answering(Effect.map(Logins.refresh(refreshToken), granted)),
    logOut: ({ payload }) =>
      answering(
        Logins.logOut(payload?.refreshToken).pipe(
          Effect.as(succeeding({ loggedOut: true })),
          Effect.catchTag("SessionNotFound", () => unauthenticated)
        )
      ),
    verifyEmail: ({ payload: { token } }) =>
      answering(
        Effect.map(Registrations.verifyEmail(token), (verified) => succeeding({ verified: true, ...verified }))
      ),
    resendVerification: ({ payload: { email } }) => answering(Effect.as(Registrations.resend(email), accepted)),
    forgotPassword: ({ payload: { email } }) => answering(Effect.as(Passwords.forgot(email), accepted)),
    resetPassword: ({ payload: { newPassword, token } }) =>
      answering(Effect.map(Passwords.reset(token, newPassword), (customer) => succeeding({ reset: true, ...customer })))
  })
)
