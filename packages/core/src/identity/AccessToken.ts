import { Clock, Context, Effect, Layer, Option, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import { parseReference } from "../customer/CustomerId.ts"
import type { AccessScope, Actor } from "../request/Actor.ts"
import { RequiredText, Text } from "../value/Text.ts"

/** Longer tokens are refused before anything in them is read; in characters. */
export const maxTokenLength = 8192

const maxScopes = 100

/** What a token that we sign says. A service client is named by both `subject` and `clientId`. */
export interface AccessTokenClaims {
  readonly subject: string
  readonly scopes: ReadonlyArray<AccessScope>
  readonly clientId?: string | undefined
  /** The session that the token lives by. */
  readonly sessionId?: string | undefined
  /** Seconds from now until the token expires. */
  readonly expiresIn: number
}

/** Who a token speaks for, and until when (milliseconds since the epoch). */
export interface VerifiedToken {
  readonly actor: Actor
  readonly expiresAt: number
}

/**
 * The token is not good, whoever sent it. Holds nothing of the token.
 *
 * `expired` also stands for a token whose time has not come yet; `not_an_actor` for one that is genuine and
 * names nobody who could act here.
 */
export class TokenRejected extends Schema.TaggedError<TokenRejected>()("TokenRejected", {
  reason: Schema.Literals(["malformed", "signature", "expired", "audience", "issuer", "algorithm", "not_an_actor"])
}) {}

/** The keys of the token's issuer cannot be had at the moment: nothing can be said about the token. */
export class KeysUnavailable extends Schema.TaggedError<KeysUnavailable>()("KeysUnavailable", {}) {}

/**
 * Signs access tokens.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a token it signs verifies as the actor that its claims describe
 * - a token it signs expires after the seconds asked for
 */
export class TokenSigner extends Context.Service<
  TokenSigner,
  {
    readonly sign: (claims: AccessTokenClaims) => Effect.Effect<string>
  }
>()("@customer-service/core/TokenSigner") {}

/**
 * Tells who a token speaks for.
 *
 * MUSTs, each with a contract test of the same wording:
 * - refuses a token that has expired
 * - refuses a token that nobody signed
 * - refuses a token that names no actor
 * - refuses a token of more than 8192 characters
 * - a rejection holds nothing of the token
 */
export class TokenVerifier extends Context.Service<
  TokenVerifier,
  {
    readonly verify: (token: string) => Effect.Effect<VerifiedToken, TokenRejected | KeysUnavailable>
  }
>()("@customer-service/core/TokenVerifier") {}

const Claims = Schema.Struct({
  sub: RequiredText(255),
  client_id: Schema.optionalKey(RequiredText(255)),
  sid: Schema.optionalKey(RequiredText(64)),
  scope: Schema.optionalKey(Text(maxTokenLength)),
  scopes: Schema.optionalKey(Schema.Array(Text(100)))
})
type Claims = typeof Claims.Type

const decodeClaims = Schema.decodeUnknownOption(Claims)

const scopesOf = (claims: Claims): ReadonlySet<string> => {
  const scopes = new Set([...(claims.scope ?? "").split(" "), ...(claims.scopes ?? [])])
  scopes.delete("")
  return scopes
}

const areBounded = (scopes: ReadonlySet<string>): boolean =>
  scopes.size <= maxScopes && [...scopes].every((scope) => scope.length <= 100)

const recognise = ({ sid, sub, client_id }: Claims, scopes: ReadonlySet<string>): Actor | undefined => {
  const session = sid === undefined ? {} : { sessionId: sid }
  if (scopes.has("customers:admin")) return { kind: "staff", subject: sub, scopes, ...session }
  if (client_id !== undefined)
    return client_id === sub ? { kind: "service", subject: sub, scopes, ...session } : undefined
  const reference = parseReference(sub)
  return reference?._tag === "Id" ? { kind: "customer", subject: reference.id, scopes, ...session } : undefined
}

/**
 * The actor that a token's verified claims describe; undefined where they describe none.
 *
 * Staff have the scope `customers:admin`; a service's `client_id` equals its `sub`; a customer's `sub` is a UUID
 * and she has no `client_id`. `sid` names the session that the token lives by. Scopes come from `scope` (separated by spaces) and `scopes` (a list): at most 100
 * of at most 100 characters.
 */
export const actorOf = (claims: unknown): Actor | undefined => {
  const decoded = decodeClaims(claims)
  if (Option.isNone(decoded)) return undefined
  const scopes = scopesOf(decoded.value)
  return areBounded(scopes) ? recognise(decoded.value, scopes) : undefined
}

interface Issued {
  readonly actor: Actor | undefined
  readonly expiresAt: number
}

const capacity = 100_000

/**
 * Signer and verifier of opaque tokens that mean something in this process alone, for tests and for programs
 * that embed the core. Past 100,000 tokens the oldest is forgotten.
 */
export const layerMemory: Layer.Layer<TokenSigner | TokenVerifier, never, SecureRandom.SecureRandom> =
  Layer.effectContext(
    Effect.map(SecureRandom.SecureRandom, (random) => {
      const issued = new Map<string, Issued>()

      const keep = (token: string, entry: Issued): void => {
        const oldest = issued.size >= capacity ? issued.keys().next().value : undefined
        if (oldest !== undefined) issued.delete(oldest)
        issued.set(token, entry)
      }

      const signer = TokenSigner.of({
        sign: Effect.fnUntraced(function* ({ subject, scopes, clientId, sessionId, expiresIn }) {
          const token = Base64Url.encode(yield* random.randomBytes(32))
          const client = clientId === undefined ? {} : { client_id: clientId }
          const session = sessionId === undefined ? {} : { sid: sessionId }
          const expiresAt = (yield* Clock.currentTimeMillis) + expiresIn * 1000
          keep(token, { actor: actorOf({ sub: subject, scopes, ...client, ...session }), expiresAt })
          return token
        })
      })

      const verifier = TokenVerifier.of({
        verify: Effect.fnUntraced(function* (token) {
          if (token.length > maxTokenLength) return yield* new TokenRejected({ reason: "malformed" })
          const entry = issued.get(token)
          if (entry === undefined) return yield* new TokenRejected({ reason: "signature" })
          const { actor, expiresAt } = entry
          if (expiresAt <= (yield* Clock.currentTimeMillis)) return yield* new TokenRejected({ reason: "expired" })
          if (actor === undefined) return yield* new TokenRejected({ reason: "not_an_actor" })
          return { actor, expiresAt }
        })
      })

      return Context.make(TokenSigner, signer).pipe(Context.add(TokenVerifier, verifier))
    })
  )
