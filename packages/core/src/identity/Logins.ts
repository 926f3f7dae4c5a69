import { DateTime, Effect, Option, Redacted } from "effect"
import { Base64Url } from "effect/encoding"
import { SecureRandom } from "effect/crypto"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { type Actor, CurrentActor } from "../request/Actor.ts"
import { AttemptLimiter } from "../request/AttemptLimiter.ts"
import { CurrentCaller } from "../request/Caller.ts"
import type { Email } from "../value/Email.ts"
import { TokenSigner } from "./AccessToken.ts"
import * as AccountDecisions from "./AccountDecisions.ts"
import { accountKey, countGuess } from "./attempts.ts"
import { type Account, Credentials } from "./Credentials.ts"
import { AccountSuspended, EmailNotVerified, InvalidCredentials, RefreshRefused } from "./IdentityErrors.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import { pacing } from "./loginPace.ts"
import * as Password from "./Password.ts"
import { PasswordHasher } from "./PasswordHasher.ts"
import { digestOf, followerOf, makeSecret } from "./Secret.ts"
import {
  exchange,
  formatRefreshToken,
  makeSessionId,
  parseRefreshToken,
  RefreshSecretReused,
  type Session,
  SessionId
} from "./Session.ts"
import { SessionNotFound, SessionStore } from "./SessionStore.ts"
import * as Sessions from "./Sessions.ts"

/** What a login or a refresh gives: an access token for some minutes, and what to get the next one with. */
export interface Grant {
  readonly accessToken: Redacted.Redacted
  /** Seconds. */
  readonly expiresIn: number
  readonly refreshToken: Redacted.Redacted
  readonly sessionId: SessionId
  readonly customerId: CustomerId
}

const scopes = ["customers:read", "customers:write"] as const

const grant = Effect.fnUntraced(function* ({ customerId, id }: Session, secret: Redacted.Redacted) {
  const signer = yield* TokenSigner
  const { accessTokenSeconds } = yield* IdentityPolicy
  const token = yield* signer.sign({ subject: customerId, scopes, sessionId: id, expiresIn: accessTokenSeconds })
  const granted: Grant = {
    accessToken: Redacted.make(token),
    expiresIn: accessTokenSeconds,
    refreshToken: Redacted.make(formatRefreshToken(id, secret)),
    sessionId: id,
    customerId
  }
  return granted
})

const newSession = Effect.fnUntraced(function* ({ customerId, sessionEpoch }: Account, secret: Redacted.Redacted) {
  const now = yield* DateTime.now
  const { userAgent } = yield* CurrentCaller
  const session: Session = {
    id: yield* makeSessionId,
    customerId,
    epoch: sessionEpoch,
    openedAt: now,
    refreshedAt: now,
    secret: yield* digestOf(secret),
    ...(userAgent === undefined ? {} : { userAgent })
  }
  return session
})

/** The account that an address and a password open. Whatever is wrong takes the same work, and has one name. */
const authenticate = Effect.fnUntraced(function* (email: Email, password: Redacted.Redacted) {
  const credentials = yield* Credentials
  const found = Option.getOrUndefined(yield* credentials.findByEmail(email))
  const verdict = yield* Password.verify(password, found?.passwordHash)
  if (found === undefined || !verdict.matches || found.status === "inactive") return yield* new InvalidCredentials()
  return { account: found, isOutdated: verdict.outdated }
})

/** The password was right: says what keeps her out all the same. */
const admit = Effect.fnUntraced(function* ({ customerId, emailVerified, status }: Account) {
  const { emailVerificationRequired } = yield* CustomerPolicy
  if (status === "suspended") return yield* new AccountSuspended({ customerId })
  if (status === "pending" && emailVerificationRequired && !emailVerified) {
    return yield* new EmailNotVerified({ customerId })
  }
})

const rehash = Effect.fnUntraced(function* (account: Account, password: Redacted.Redacted) {
  const hasher = yield* PasswordHasher
  const credentials = yield* Credentials
  const renewed = yield* hasher.hash(Password.normalize(password))
  yield* credentials.rehash(account.customerId, account.passwordHash ?? "", renewed)
})

const record = Effect.fnUntraced(function* (account: Account) {
  const repository = yield* CustomerRepository
  const { customerId } = account
  const actor: Actor = { kind: "customer", subject: customerId, scopes: new Set(scopes) }
  const now = yield* DateTime.now
  yield* repository.modify(customerId, (current) => AccountDecisions.recordLogin(current, account, { actor, now }))
})

/**
 * Opens a session and notes the login. What happened to the account since it was read (a new password, a suspension)
 * began a new session epoch, and the login is not noted then; what happens from now on finds the session and ends it.
 */
const open = Effect.fnUntraced(function* (account: Account) {
  const sessions = yield* SessionStore
  const secret = yield* makeSecret
  const session = yield* newSession(account, secret)
  yield* sessions.open(session)
  yield* Effect.tapError(record(account), () => Effect.ignore(sessions.end(session.id)))
  return yield* grant(session, secret)
})

const attempt = Effect.fnUntraced(function* (email: Email, password: Redacted.Redacted) {
  const limiter = yield* AttemptLimiter
  const key = yield* accountKey(email)
  const { account, isOutdated } = yield* countGuess(key, authenticate(email, password))
  yield* limiter.forget(key)
  yield* admit(account)
  if (isOutdated) yield* Effect.catchTag(rehash(account, password), "HasherBusy", () => Effect.void)
  const refused = () => Effect.fail(new InvalidCredentials())
  return yield* Effect.catchTags(open(account), { CustomerNotFound: refused, CredentialsChanged: refused })
})

/**
 * Logs a customer in. Fails with `InvalidCredentials` for a wrong password, an unknown address and a closed account
 * alike, and no earlier than the policy has it; after a right password with `EmailNotVerified` or `AccountSuspended`;
 * with `TooManyAttempts` after too many wrong ones, whether the account exists or not.
 */
export const logIn = Effect.fn("Logins.logIn")((email: Email, password: Redacted.Redacted) =>
  pacing(attempt(email, password))
)

const makeNonce = Effect.flatMap(SecureRandom.SecureRandom, (random) =>
  Effect.map(random.randomBytes(32), (bytes) => Base64Url.encode(bytes))
)

/** The session with its secret exchanged, and the secret that is the newest now. */
const rotate = Effect.fnUntraced(function* (id: SessionId, presented: Redacted.Redacted) {
  const sessions = yield* SessionStore
  const nonce = yield* makeNonce
  const follower = yield* followerOf(nonce, presented)
  const offer = { presented: yield* digestOf(presented), nonce, follower: yield* digestOf(follower) }
  const now = yield* DateTime.now
  const session = yield* sessions.modify(id, (current) => exchange(current, offer, now))
  if (session.secret === offer.follower) return { session, secret: follower }
  // Somebody exchanged the same secret a moment ago: both are to go on with the same one.
  return { session, secret: yield* followerOf(session.previous?.nonce ?? "", presented) }
})

const endReused = Effect.fnUntraced(function* ({ sessionId }: RefreshSecretReused) {
  const sessions = yield* SessionStore
  yield* Effect.logWarning("A refresh token was used twice; its session was ended").pipe(
    Effect.annotateLogs({ sessionId })
  )
  yield* sessions.end(SessionId.make(sessionId))
  return yield* new RefreshRefused()
})

/** Whether a session may go on: the account is open, and nobody has ended all of its sessions since. */
const mayGoOn = Effect.fnUntraced(function* ({ customerId, epoch }: Session) {
  const credentials = yield* Credentials
  const account = Option.getOrUndefined(yield* credentials.find(customerId))
  const isUsable = account !== undefined && account.status !== "inactive" && account.status !== "suspended"
  return isUsable && account.sessionEpoch === epoch
})

/** Refuses a session that is over, or that may not go on; the latter is ended. */
const expectGoingOn = Effect.fnUntraced(function* (id: SessionId) {
  const sessions = yield* SessionStore
  const session = Option.getOrUndefined(yield* sessions.find(id))
  if (session !== undefined && (yield* mayGoOn(session))) return
  if (session !== undefined) yield* sessions.end(id)
  return yield* new RefreshRefused()
})

/**
 * Exchanges a refresh token for a new one and a new access token. The newest may be sent again for ten seconds, for
 * the same answer; an older one ends its session. Fails with `RefreshRefused`.
 */
export const refresh = Effect.fn("Logins.refresh")(function* (refreshToken: Redacted.Redacted) {
  const parsed = parseRefreshToken(Redacted.value(refreshToken))
  if (parsed === undefined) return yield* new RefreshRefused()
  // First, so that a database that does not answer uses up no secret: it could not be sent again when it does.
  yield* expectGoingOn(parsed.id)
  const { secret, session } = yield* rotate(parsed.id, parsed.secret).pipe(
    Effect.catchTags({
      SessionNotFound: () => Effect.fail(new RefreshRefused()),
      RefreshSecretReused: endReused
    })
  )
  return yield* grant(session, secret)
})

const sessionOf = Effect.fnUntraced(function* (refreshToken: Redacted.Redacted) {
  const sessions = yield* SessionStore
  const parsed = parseRefreshToken(Redacted.value(refreshToken))
  if (parsed === undefined) return undefined
  const session = Option.getOrUndefined(yield* sessions.find(parsed.id))
  const digest = yield* digestOf(parsed.secret)
  return digest === session?.secret || digest === session?.previous?.secret ? session?.id : undefined
})

/**
 * Ends the session of a refresh token, or without one that of the running request. A session that is over already
 * is logged out as well. Fails with `SessionNotFound` where nothing names a session.
 */
export const logOut = Effect.fn("Logins.logOut")(function* (refreshToken?: Redacted.Redacted) {
  const sessions = yield* SessionStore
  if (refreshToken !== undefined) {
    const id = yield* sessionOf(refreshToken)
    return id === undefined ? undefined : yield* sessions.end(id)
  }
  const actor = yield* CurrentActor
  const id = yield* Sessions.currentOf(actor.subject as CustomerId)
  return id === undefined ? yield* new SessionNotFound({ sessionId: "none" }) : yield* sessions.end(id)
})
