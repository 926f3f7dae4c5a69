import { DateTime, Effect, Option, Redacted, Result } from "effect"
import type { Customer } from "../customer/Customer.ts"
import { admit, unchanged } from "../customer/admission.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import * as Customers from "../customer/Customers.ts"
import { CurrentActor } from "../request/Actor.ts"
import { AttemptLimiter, takeAll } from "../request/AttemptLimiter.ts"
import type { Once } from "../request/Once.ts"
import * as AccountDecisions from "./AccountDecisions.ts"
import { CodeRefused, PhoneMissing, TokenRefused } from "./IdentityErrors.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import { digestOf } from "./Secret.ts"
import { VerificationTokens } from "./VerificationTokens.ts"

/**
 * The digest that a code is kept under. Of six digits there are a million: what protects them is that few may be
 * tried, for a few minutes, and for one customer and phone alone.
 */
export const digestOfCode = (id: CustomerId, phone: string, code: Redacted.Redacted) =>
  digestOf(Redacted.make(`${id} ${phone} ${Redacted.value(code)}`))

/** Sends a code of six digits to the customer's phone. Fails with `PhoneMissing` or `TooManyAttempts`. */
export const request = Effect.fn("PhoneVerifications.request")(function* (id: CustomerId, once?: Once) {
  const repository = yield* CustomerRepository
  const { limits } = yield* IdentityPolicy
  const { profile } = yield* Customers.get(id)
  if (profile.phone === undefined) return yield* new PhoneMissing({ customerId: id })
  yield* takeAll([[`phone-code:${id}`, limits.phoneCodes]])
  yield* repository.modify(
    id,
    (current) =>
      Result.map(admit(current, undefined), () => ({
        ...unchanged(current),
        mails: [{ kind: "phone_code" as const, recipient: current.profile.phone ?? "", customerId: id }]
      })),
    once
  )
})

const tokenOf = Effect.fnUntraced(function* (id: CustomerId, phone: string, code: Redacted.Redacted) {
  const tokens = yield* VerificationTokens
  const token = Option.getOrUndefined(yield* tokens.find(yield* digestOfCode(id, phone, code)))
  return token?.purpose === "phone_verification" && token.customerId === id ? token : undefined
})

/** Proves the phone by the code that was sent to it. Fails with `CodeRefused` or `TooManyAttempts`. */
export const confirm = Effect.fn("PhoneVerifications.confirm")(function* (
  id: CustomerId,
  code: Redacted.Redacted,
  once?: Once
) {
  const repository = yield* CustomerRepository
  const limiter = yield* AttemptLimiter
  const policy = yield* CustomerPolicy
  const { limits } = yield* IdentityPolicy
  const { profile } = yield* Customers.get(id)
  yield* takeAll([[`phone-guess:${id}`, limits.phoneGuesses]])
  const token = yield* tokenOf(id, profile.phone ?? "", code)
  const when = { actor: yield* CurrentActor, now: yield* DateTime.now }
  // Also without a token, since a request that comes once more is told what the first one was.
  const decide = (current: Customer) =>
    token === undefined ? Result.fail(new TokenRefused()) : AccountDecisions.verifyPhone(current, token, policy, when)
  const verified = yield* Effect.catchTag(repository.modify(id, decide, once), "TokenRefused", () =>
    Effect.fail(new CodeRefused({ customerId: id }))
  )
  yield* limiter.forget(`phone-guess:${id}`)
  return verified
})
