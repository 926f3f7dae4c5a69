import { AccessToken } from "@customer-service/core"
import type { Clock } from "effect"
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose"

/** What an external issuer may sign with: public keys alone, so that nothing public can serve as a secret. */
export const algorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ")

/** A request waits for the issuer's answer no longer than this (milliseconds). */
const timeoutDuration = 1500

/** A key id that is not known asks the issuer again, at most once in this time (milliseconds). */
const cooldownDuration = 5000

/** After a failure the issuer is left alone for this time, and its requests fail at once (milliseconds). */
const restDuration = 1000

export interface ExternalKeysSettings {
  readonly jwksUrl: URL
  readonly clock: Clock.Clock
  /** Is told of every failed attempt to read the keys. */
  readonly report: (cause: unknown) => void
}

const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys

/**
 * The look-up of another issuer's keys, which are read from its JWKS when first needed and kept for ten minutes.
 * Nothing in a token changes where they are read from. Throws `KeysUnavailable` where the issuer does not answer.
 */
export const make = ({ jwksUrl, clock, report }: ExternalKeysSettings): JWTVerifyGetKey => {
  const remote = createRemoteJWKSet(jwksUrl, { timeoutDuration, cooldownDuration })
  let failedAt = Number.NEGATIVE_INFINITY

  // A clock that was set back must not make the rest any longer.
  const isResting = (): boolean => Math.abs(clock.currentTimeMillisUnsafe() - failedAt) < restDuration

  const fail = (cause: unknown): never => {
    // Those who waited for the same answer fail with it, and it is reported once.
    if (!isResting()) {
      failedAt = clock.currentTimeMillisUnsafe()
      report(cause)
    }
    throw new AccessToken.KeysUnavailable()
  }

  const known = () => createLocalJWKSet((remote.fresh ? remote.jwks() : undefined) ?? { keys: [] })

  return (header, token) => {
    if (isResting()) return known()(header, token).catch(fail)
    return remote(header, token).catch((cause) => {
      if (isAboutToken(cause)) throw cause
      return fail(cause)
    })
  }
}
