import { Clock, Context, Effect, Layer } from "effect"
import { maxTokenLength, TokenVerifier, type VerifiedToken } from "./AccessToken.ts"

/** How many tokens are kept, and for how long at most (milliseconds). */
const capacity = 10_000
const timeToLive = 60_000

/**
 * A verifier that remembers the tokens it found good for a minute, and no longer than they live; it never
 * remembers a rejection.
 */
export class CachedTokenVerifier extends Context.Service<
  CachedTokenVerifier,
  {
    readonly verify: TokenVerifier["Service"]["verify"]
    /** The token as it was verified before, if it is still good at `nowMillis`; else ask `verify`. */
    readonly peek: (token: string, nowMillis: number) => VerifiedToken | undefined
  }
>()("@customer-service/core/CachedTokenVerifier") {}

interface Kept {
  readonly verified: VerifiedToken
  readonly validUntil: number
}

const make = (verifier: TokenVerifier["Service"], digest: (token: string) => string) => {
  const entries = new Map<string, Kept>()

  const peek = (token: string, nowMillis: number): VerifiedToken | undefined => {
    if (token.length > maxTokenLength) return undefined
    const kept = entries.get(digest(token))
    return kept !== undefined && nowMillis < kept.validUntil ? kept.verified : undefined
  }

  const keep = (token: string, verified: VerifiedToken, nowMillis: number): void => {
    const key = digest(token)
    entries.delete(key)
    const oldest = entries.size >= capacity ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
    entries.set(key, { verified, validUntil: Math.min(verified.expiresAt, nowMillis + timeToLive) })
  }

  const verify: TokenVerifier["Service"]["verify"] = (token) =>
    Clock.clockWith((clock) => {
      const nowMillis = clock.currentTimeMillisUnsafe()
      const known = peek(token, nowMillis)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.tap(verifier.verify(token), (verified) => Effect.sync(() => keep(token, verified, nowMillis)))
    })

  return CachedTokenVerifier.of({ verify, peek })
}

/**
 * The token verifier behind a cache of up to 10,000 tokens. It passes the verifier's own contract. Also provides
 * {@link CachedTokenVerifier} for callers that cannot afford an effect on the way.
 *
 * `digest` names a token in the cache, so that none lies in memory longer than its request. It must be
 * collision-resistant, such as SHA-256: two tokens with one digest would be one actor.
 */
export const layer = (
  digest: (token: string) => string
): Layer.Layer<TokenVerifier | CachedTokenVerifier, never, TokenVerifier> =>
  Layer.effectContext(
    Effect.map(TokenVerifier, (verifier) => {
      const cached = make(verifier, digest)
      return Context.make(CachedTokenVerifier, cached).pipe(
        Context.add(TokenVerifier, TokenVerifier.of({ verify: cached.verify }))
      )
    })
  )
