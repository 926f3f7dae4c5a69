import { DateTime, Effect, Option, type Redacted } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { NewCustomer } from "../customer/Customer.ts"
import { makeCustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { CurrentActor, isAdmin, nobody } from "../request/Actor.ts"
import type { Email } from "../value/Email.ts"
import * as AccountDecisions from "./AccountDecisions.ts"
import { takeByAddress } from "./attempts.ts"
import { Credentials } from "./Credentials.ts"
import { endingSessions } from "./endSessions.ts"
import { TokenRefused } from "./IdentityErrors.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import { MailQueue } from "./MailQueue.ts"
import * as Password from "./Password.ts"
import { digestOf } from "./Secret.ts"
import { type VerificationToken, VerificationTokens } from "./VerificationTokens.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"

/**
 * Somebody registers an address that is a customer's already. Nothing of the account changes: one that is verified is
 * told by mail, any other gets one more link, which makes this password hers if she follows it.
 */
const registerAgain = Effect.fnUntraced(function* (email: Email, passwordHash: string) {
  const credentials = yield* Credentials
  const queue = yield* MailQueue
  const account = Option.getOrUndefined(yield* credentials.findByEmail(email))
  if (account === undefined) return
  const { customerId, emailVerified, status } = account
  const recipient = account.email
  if (emailVerified || status === "inactive" || status === "suspended") {
    return yield* queue.post({ kind: "already_registered", recipient, customerId })
  }
  yield* credentials.contest(customerId)
  yield* queue.post({ kind: "verify_registration", recipient, customerId, passwordHash })
})

/**
 * A customer registers herself. Succeeds alike for an address that is new and one that is known; the truth goes to the
 * address alone. Fails with `InvalidInput`, `WeakPassword` or `TooManyAttempts`.
 */
export const register = Effect.fn("Registrations.register")(function* (
  input: NewCustomer,
  password: Redacted.Redacted
) {
  const { limits } = yield* IdentityPolicy
  yield* takeByAddress("registration", limits.registrationsByAddress)
  const repository = yield* CustomerRepository
  const id = yield* makeCustomerId
  const when = { actor: { ...nobody, subject: id }, now: yield* DateTime.now }
  const change = yield* Effect.fromResult(
    Decisions.register(input, id, yield* CustomerPolicy, when, yield* StandingPolicy)
  )
  const passwordHash = yield* Password.hashNew(password, input)
  const mail = { kind: "verify_registration", recipient: input.email, customerId: id, passwordHash } as const
  yield* Effect.catchTag(
    Effect.asVoid(repository.insert({ ...change, passwordHash, mails: [mail] })),
    "EmailTaken",
    () => registerAgain(input.email, passwordHash)
  )
})

/** The token of this secret, if the running request may use it: one that is somebody else's is of no use to her. */
export const findToken = Effect.fnUntraced(function* (secret: Redacted.Redacted) {
  const tokens = yield* VerificationTokens
  const found = Option.getOrUndefined(yield* tokens.find(yield* digestOf(secret)))
  const actor = yield* CurrentActor
  const isOthers = actor.kind === "customer" && actor.subject !== nobody.subject
  if (found === undefined || (isOthers && actor.subject !== found.customerId)) return yield* new TokenRefused()
  return found
})

/** Who acts where a token is all that a caller has to show: the customer that it was sent to. */
export const bearerOf = Effect.fnUntraced(function* (token: VerificationToken) {
  const actor = yield* CurrentActor
  return isAdmin(actor) ? actor : { ...nobody, subject: token.customerId }
})

const decide = Effect.fnUntraced(function* (token: VerificationToken) {
  const repository = yield* CustomerRepository
  const credentials = yield* Credentials
  const policy = yield* CustomerPolicy
  const account = Option.getOrUndefined(yield* credentials.find(token.customerId))
  if (account === undefined) return yield* new TokenRefused()
  const when = { actor: yield* bearerOf(token), now: yield* DateTime.now }
  const verified = repository.modify(token.customerId, (current) =>
    token.purpose === "email_change"
      ? AccountDecisions.changeEmail(current, token, policy, when)
      : AccountDecisions.verifyEmail(current, token, account, policy, when)
  )
  const { passwordHash } = token.purpose === "email_change" ? {} : AccountDecisions.passwordOf(token, account)
  yield* passwordHash === undefined ? verified : endingSessions(token.customerId)(verified)
  const hasPassword = passwordHash === undefined ? account.passwordHash !== undefined : passwordHash !== null
  return { customerId: token.customerId, passwordRequired: !hasPassword }
})

/**
 * Proves an address by a token that was sent to it: that of a new account, or the new one of an account. Answers whose
 * it is, and whether a password must be set before she can log in. Fails with `TokenRefused`, or `EmailTaken` where
 * somebody else has the new address by now.
 */
export const verifyEmail = Effect.fn("Registrations.verifyEmail")(function* (secret: Redacted.Redacted) {
  const token = yield* findToken(secret)
  if (token.purpose !== "email_verification" && token.purpose !== "email_change") return yield* new TokenRefused()
  return yield* Effect.catchTag(decide(token), "CustomerNotFound", () => Effect.fail(new TokenRefused()))
})

/** Sends the link once more, if there is something to verify: the answer is the same for every address. */
export const resend = Effect.fn("Registrations.resend")(function* (email: Email) {
  const { limits } = yield* IdentityPolicy
  yield* takeByAddress("mail", limits.mailsByAddress)
  const queue = yield* MailQueue
  yield* queue.post({ kind: "verify_email", recipient: email })
})
