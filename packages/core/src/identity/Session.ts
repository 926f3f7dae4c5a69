import { DateTime, Effect, Redacted, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { CustomerId } from "../customer/CustomerId.ts"
import { Instant } from "../value/Instant.ts"

/** A session's id: a UUID, version 7. It names the session and opens nothing. */
export const SessionId = Schema.String.annotate({ format: "uuid", description: "A session's id." })
  .check(
    Schema.makeFilter((text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text), { message: "must be a UUID" })
  )
  .pipe(Schema.brand("SessionId"))
export type SessionId = typeof SessionId.Type

/**
 * A login that lasts. Of its refresh secret only the digest is kept. `epoch` is the count of the customer's mass
 * log-outs when she logged in: a session of an earlier epoch is over, even where nobody could end it at the time.
 */
export const Session = Schema.Struct({
  id: SessionId,
  customerId: CustomerId,
  epoch: Schema.Int,
  openedAt: Instant,
  refreshedAt: Instant,
  /** The digest of the newest refresh secret. */
  secret: Schema.String,
  /** The digest of the secret before it, and the nonce that made the newest of it. */
  previous: Schema.optionalKey(Schema.Struct({ secret: Schema.String, nonce: Schema.String })),
  userAgent: Schema.optionalKey(Schema.String)
})
export type Session = typeof Session.Type

/** For how long the secret that was just exchanged may be sent again: two tabs refresh with the same one. */
export const graceSeconds = 10

/** A refresh secret came back that had been exchanged before: somebody else may have it. The session must end. */
export class RefreshSecretReused extends Schema.TaggedError<RefreshSecretReused>()("RefreshSecretReused", {
  sessionId: Schema.String
}) {}

/** What a refresh brings: the digest of what was sent, and the follower that it would be exchanged for. */
export interface Exchange {
  readonly presented: string
  readonly nonce: string
  readonly follower: string
}

/**
 * Exchanges the newest secret for its follower. The one before it changes nothing within the grace, since its
 * follower is known already; any other fails with `RefreshSecretReused`.
 */
export const exchange = (
  session: Session,
  { follower, nonce, presented }: Exchange,
  now: DateTime.Utc
): Result.Result<Session, RefreshSecretReused> => {
  if (presented === session.secret) {
    const previous = { secret: presented, nonce }
    return Result.succeed({ ...session, secret: follower, previous, refreshedAt: now })
  }
  const graceEnds = DateTime.add(session.refreshedAt, { seconds: graceSeconds })
  return presented === session.previous?.secret && DateTime.isLessThanOrEqualTo(now, graceEnds)
    ? Result.succeed(session)
    : Result.fail(new RefreshSecretReused({ sessionId: session.id }))
}

/** A new session id, UUID version 7. */
export const makeSessionId: Effect.Effect<SessionId, never, SecureRandom.SecureRandom> = Effect.map(
  Effect.flatMap(SecureRandom.SecureRandom, (random) => random.uuidV7()),
  (id) => id as SessionId
)

/** The text that a caller refreshes with: the session's id and its secret. */
export const formatRefreshToken = (id: SessionId, secret: Redacted.Redacted): string =>
  `${id}.${Redacted.value(secret)}`

const refreshToken = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/
const isSessionId = Schema.is(SessionId)

/** Reads what {@link formatRefreshToken} wrote; undefined for any other text. */
export const parseRefreshToken = (
  text: string
): { readonly id: SessionId; readonly secret: Redacted.Redacted } | undefined => {
  const [, id = "", secret = ""] = refreshToken.exec(text) ?? []
  return isSessionId(id) ? { id, secret: Redacted.make(secret) } : undefined
}
