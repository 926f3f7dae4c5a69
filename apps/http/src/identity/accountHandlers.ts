import { Api } from "@customer-service/api"
import {
  Accounts,
  type Customer,
  type CustomerId,
  Customers,
  EmailChanges,
  Passwords,
  PhoneVerifications,
  type Session,
  Sessions
} from "@customer-service/core"
import { DateTime, Effect, type Redacted } from "effect"
import type { HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { body as customerBody, answer as customerAnswer } from "../customers/customerAnswers.ts"
import { accepted, acceptedAnswer, answering, succeeding } from "../gateway/answers.ts"
import { onceOf } from "../gateway/idempotency.ts"
import { entityTag, expectedVersion } from "../gateway/versions.ts"

const changedCustomer = (customer: Customer) => ({
  status: 200,
  headers: { etag: entityTag(customer.version) },
  body: customerBody(customer)
})

/** The sessions as they are told: of its secrets a session shows none. */
const sessionsOf = Effect.fnUntraced(function* (id: CustomerId, sessions: ReadonlyArray<Session.Session>) {
  const current = yield* Sessions.currentOf(id)
  return succeeding({
    sessions: sessions.map(({ id: sessionId, openedAt, refreshedAt, userAgent }) => ({
      id: sessionId,
      openedAt: DateTime.formatIso(openedAt),
      refreshedAt: DateTime.formatIso(refreshedAt),
      ...(userAgent === undefined ? {} : { userAgent }),
      current: sessionId === current
    }))
  })
})

interface PhoneConfirmation {
  readonly headers: { readonly "idempotency-key"?: string }
  readonly params: { readonly customerId: string }
  readonly payload: { readonly code: Redacted.Redacted }
  readonly request: HttpServerRequest.HttpServerRequest
}

const confirmPhone = ({ headers, params, payload: { code }, request }: PhoneConfirmation) =>
  answering(
    Effect.gen(function* () {
      const id = yield* Customers.resolve(params.customerId)
      const once = yield* onceOf(request, headers["idempotency-key"], changedCustomer)
      return customerAnswer(yield* PhoneVerifications.confirm(id, code, once))
    })
  )

/** The endpoints of an account's login and standing: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "account", (handlers) =>
  handlers.handleAll({
    changePassword: ({ params, payload: { currentPassword, newPassword } }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          yield* Passwords.change(id, currentPassword, newPassword)
          return succeeding({ changed: true })
        })
      ),
    changeEmail: ({ headers, params, payload: { email }, request }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const once = yield* onceOf(request, headers["idempotency-key"], () => acceptedAnswer)
          yield* EmailChanges.request(id, email, once)
          return accepted
        })
      ),
    listSessions: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return yield* sessionsOf(id, yield* Sessions.list(id))
        })
      ),
    endSessions: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          yield* Sessions.endEvery(id)
          return yield* sessionsOf(id, [])
        })
      ),
    endSession: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return yield* sessionsOf(id, yield* Sessions.end(id, params.sessionId))
        })
      ),
    requestPhoneVerification: ({ headers, params, request }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const once = yield* onceOf(request, headers["idempotency-key"], () => acceptedAnswer)
          yield* PhoneVerifications.request(id, once)
          return accepted
        })
      ),
    confirmPhone,
    confirmPhoneShort: confirmPhone,
    suspendCustomer: ({ headers, params, payload: { reason }, request }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const once = yield* onceOf(request, headers["idempotency-key"], changedCustomer)
          const options = { once, expectedVersion: expectedVersion(headers["if-match"]) }
          return customerAnswer(yield* Accounts.suspend(id, reason, options))
        })
      ),
    reactivateCustomer: ({ headers, params, payload: { reason }, request }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const once = yield* onceOf(request, headers["idempotency-key"], changedCustomer)
          const options = { once, expectedVersion: expectedVersion(headers["if-match"]) }
          return customerAnswer(yield* Accounts.reactivate(id, reason, options))
        })
      )
  })
)
