import { AccessToken } from "@customer-service/core"
import { Clock, Effect } from "effect"
import { type CryptoKey, decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose"
import { rejectionOf } from "./TokenRejection.ts"

/** By how many seconds the clocks of two machines may differ. */
const clockTolerance = 5

/** Somebody whose tokens are accepted: with these keys, by these algorithms, and in this name if there is one. */
export interface TrustedIssuer {
  readonly issuer: string | undefined
  readonly algorithms: ReadonlyArray<string>
  readonly key: CryptoKey | JWTVerifyGetKey
}

export interface TrustedIssuers {
  readonly own: TrustedIssuer
  readonly external: TrustedIssuer | undefined
  /** The `aud` that every token must be for, whoever issued it. */
  readonly audience: string | undefined
}

// What a token says of its issuer is not proven yet. It only picks the keys that must then prove it, and each
// issuer's keys come with algorithms of their own.
const issuerOf = (token: string, { own, external }: TrustedIssuers): TrustedIssuer =>
  external !== undefined && decodeJwt(token).iss === external.issuer ? external : own

const claimsOf = async (token: string, issuers: TrustedIssuers, currentDate: Date): Promise<JWTPayload> => {
  const trusted = issuerOf(token, issuers)
  const { issuer, algorithms, key } = trusted
  const { payload } = await jwtVerify(token, key, {
    algorithms: [...algorithms],
    currentDate,
    clockTolerance,
    requiredClaims: ["exp"],
    ...(issuer !== undefined && { issuer }),
    ...(issuers.audience !== undefined && { audience: issuers.audience })
  })
  if (trusted === issuers.own) return payload
  // Another issuer's `sid` names a session of its own, and none of ours.
  const { sid: _, ...claims } = payload
  return claims
}

/** A verifier of tokens of these issuers. */
export const make = (issuers: TrustedIssuers) =>
  AccessToken.TokenVerifier.of({
    verify: Effect.fnUntraced(function* (token) {
      if (token.length > AccessToken.maxTokenLength) {
        return yield* new AccessToken.TokenRejected({ reason: "malformed" })
      }
      const now = new Date(yield* Clock.currentTimeMillis)
      const claims = yield* Effect.tryPromise({ try: () => claimsOf(token, issuers, now), catch: rejectionOf })
      const actor = AccessToken.actorOf(claims)
      if (actor === undefined || claims.exp === undefined) {
        return yield* new AccessToken.TokenRejected({ reason: "not_an_actor" })
      }
      return { actor, expiresAt: claims.exp * 1000 }
    })
  })
