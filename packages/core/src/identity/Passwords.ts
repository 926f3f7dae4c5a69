import { DateTime, Effect, Option, type Redacted, Result } from "effect"
import { WeakPassword } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import * as Customers from "../customer/Customers.ts"
import { CurrentActor } from "../request/Actor.ts"
import { AttemptLimiter } from "../request/AttemptLimiter.ts"
import type { Email } from "../value/Email.ts"
import * as AccountDecisions from "./AccountDecisions.ts"
import { accountKey, loginKeys, takeByAddress, takeLogin } from "./attempts.ts"
import { Credentials } from "./Credentials.ts"
import { endSessions } from "./endSessions.ts"
import { InvalidCredentials, TokenRefused } from "./IdentityErrors.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import { MailQueue } from "./MailQueue.ts"
import * as Password from "./Password.ts"
import { bearerOf, findToken } from "./Registrations.ts"
import { SessionStore } from "./SessionStore.ts"
import * as Sessions from "./Sessions.ts"

const hashNew = (password: Redacted.Redacted, owner: Password.PasswordOwner) =>
  Effect.mapError(Password.hashNew(password, owner), (error) =>
    error._tag === "WeakPassword" ? new WeakPassword({ message: error.message, path: "newPassword" }) : error
  )

/** The session that changed the password goes on: it is of the new epoch from now on. */
const renewCurrent = Effect.fnUntraced(function* (customerId: CustomerId) {
  const credentials = yield* Credentials
  const sessions = yield* SessionStore
  const current = yield* Sessions.currentOf(customerId)
  yield* endSessions(customerId, current)
  const account = Option.getOrUndefined(yield* credentials.find(customerId))
  if (current === undefined || account === undefined) return
  const epoch = account.sessionEpoch
  yield* Effect.ignore(sessions.modify(current, (session) => Result.succeed({ ...session, epoch })))
})

/**
 * Changes a password for somebody who knows the one before; every other session ends. Fails with
 * `InvalidCredentials`, `WeakPassword` or `TooManyAttempts`.
 */
export const change = Effect.fn("Passwords.change")(function* (
  id: CustomerId,
  currentPassword: Redacted.Redacted,
  newPassword: Redacted.Redacted
) {
  const repository = yield* CustomerRepository
  const credentials = yield* Credentials
  const customer = yield* Customers.get(id)
  yield* takeLogin(customer.email)
  const account = Option.getOrUndefined(yield* credentials.find(id))
  const verdict = yield* Password.verify(currentPassword, account?.passwordHash)
  if (!verdict.matches) return yield* new InvalidCredentials()
  yield* forgetAttempts(customer.email)
  const passwordHash = yield* hashNew(newPassword, customer)
  const when = { actor: yield* CurrentActor, now: yield* DateTime.now }
  yield* repository.modify(id, (current) => AccountDecisions.changePassword(current, passwordHash, when))
  yield* renewCurrent(id)
})

const forgetAttempts = Effect.fnUntraced(function* (email: string) {
  const limiter = yield* AttemptLimiter
  const { account, address } = yield* loginKeys(email)
  yield* limiter.forget(account)
  if (address !== undefined) yield* limiter.giveBack(address)
})

/** Sends a link to set a new password, if the address is a customer's: the answer is the same for every address. */
export const forgot = Effect.fn("Passwords.forgot")(function* (email: Email) {
  const { limits } = yield* IdentityPolicy
  yield* takeByAddress("mail", limits.mailsByAddress)
  const queue = yield* MailQueue
  yield* queue.post({ kind: "reset_password", recipient: email })
})

/**
 * Sets a new password by a token that was sent to the address, and ends every session. Answers whose password it is.
 * Fails with `TokenRefused` or `WeakPassword`; a password that is refused leaves the token as it was.
 */
export const reset = Effect.fn("Passwords.reset")(function* (
  secret: Redacted.Redacted,
  newPassword: Redacted.Redacted
) {
  const repository = yield* CustomerRepository
  const policy = yield* CustomerPolicy
  const limiter = yield* AttemptLimiter
  const token = yield* findToken(secret)
  if (token.purpose !== "password_reset") return yield* new TokenRefused()
  const refused = () => Effect.fail(new TokenRefused())
  const customer = yield* Effect.catchTag(repository.get(token.customerId), "CustomerNotFound", refused)
  const passwordHash = yield* hashNew(newPassword, customer)
  const when = { actor: yield* bearerOf(token), now: yield* DateTime.now }
  yield* repository
    .modify(token.customerId, (current) => AccountDecisions.resetPassword(current, token, passwordHash, policy, when))
    .pipe(Effect.catchTag("CustomerNotFound", refused))
  yield* endSessions(token.customerId)
  yield* limiter.forget(yield* accountKey(customer.email))
  return { customerId: token.customerId }
})
