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
import { accountKey, countGuess, takeByAddress } from "./attempts.ts"
import { type Account, Credentials } from "./Credentials.ts"
import { endingSessions } from "./endSessions.ts"
import { InvalidCredentials, TokenRefused } from "./IdentityErrors.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import { MailQueue } from "./MailQueue.ts"
import * as Password from "./Password.ts"
import { bearerOf, findToken } from "./Registrations.ts"
import type { Session, SessionId } from "./Session.ts"
import { SessionStore } from "./SessionStore.ts"
import * as Sessions from "./Sessions.ts"

const hashNew = (password: Redacted.Redacted, owner: Password.PasswordOwner) =>
  Effect.mapError(Password.hashNew(password, owner), (error) =>
    error._tag === "WeakPassword" ? new WeakPassword({ message: error.message, path: "newPassword" }) : error
  )

/** The session that changed the password goes on: it is of the new epoch from now on, if it was of the one before. */
const renew = Effect.fnUntraced(function* (current: SessionId, { sessionEpoch }: Account) {
  const sessions = yield* SessionStore
  const renewed = (session: Session) =>
    Result.succeed(session.epoch === sessionEpoch ? { ...session, epoch: sessionEpoch + 1 } : session)
  yield* Effect.ignore(sessions.modify(current, renewed))
})

/** The account whose password this is. */
const authenticate = Effect.fnUntraced(function* (id: CustomerId, password: Redacted.Redacted) {
  const credentials = yield* Credentials
  const account = Option.getOrUndefined(yield* credentials.find(id))
  const { matches } = yield* Password.verify(password, account?.passwordHash)
  return account !== undefined && matches ? account : yield* new InvalidCredentials()
})

/**
 * Changes a password for somebody who knows the one before; every other session ends. Fails with
 * `InvalidCredentials`, `WeakPassword` or `TooManyAttempts`. Attempts are not counted with those at the login: a
 * stranger who fails there keeps nobody from changing her password. Right ones count too, since each change ends the
 * links in her mails: whoever has got in must not keep her from setting a new password by mail.
 */
export const change = Effect.fn("Passwords.change")(function* (
  id: CustomerId,
  currentPassword: Redacted.Redacted,
  newPassword: Redacted.Redacted
) {
  const repository = yield* CustomerRepository
  const customer = yield* Customers.get(id)
  const account = yield* countGuess(`password:${id}`, authenticate(id, currentPassword))
  const passwordHash = yield* hashNew(newPassword, customer)
  const when = { actor: yield* CurrentActor, now: yield* DateTime.now }
  const current = yield* Sessions.currentOf(id)
  yield* repository
    .modify(id, (customer) => AccountDecisions.changePassword(customer, account, passwordHash, when))
    .pipe(
      Effect.catchTag("CredentialsChanged", () => Effect.fail(new InvalidCredentials())),
      endingSessions(id, current)
    )
  if (current !== undefined) yield* renew(current, account)
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
    .pipe(Effect.catchTag("CustomerNotFound", refused), endingSessions(token.customerId))
  yield* limiter.forget(yield* accountKey(customer.email))
  return { customerId: token.customerId }
})
