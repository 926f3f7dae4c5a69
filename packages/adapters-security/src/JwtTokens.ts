import { AccessToken } from "@customer-service/core"
import { Clock, Context, Effect, Layer } from "effect"
import { type JWTPayload, SignJWT } from "jose"
import * as ExternalKeys from "./ExternalKeys.ts"
import * as JwtVerifier from "./JwtVerifier.ts"
import * as OwnKeys from "./OwnKeys.ts"
import { PublicKeys } from "./PublicKeys.ts"

/** An issuer beside our own, by the address of its JWKS and its exact `iss`. */
export interface ExternalIssuer {
  readonly jwksUrl: string
  readonly issuer: string
}

export interface JwtSettings {
  readonly own: OwnKeys.OwnKeySettings
  /** Our `iss`: put into what we sign, required of it. */
  readonly issuer?: string | undefined
  /** Our `aud`: put into what we sign, required of every token. */
  readonly audience?: string | undefined
  readonly external?: ExternalIssuer | undefined
}

const signerOf = (keys: OwnKeys.OwnKeys, { issuer, audience }: JwtSettings) => {
  const keyId = keys.publicKeys[0]?.kid
  const header = { alg: keys.algorithm, typ: "at+jwt", ...(keyId !== undefined && { kid: keyId }) }

  return AccessToken.TokenSigner.of({
    sign: Effect.fnUntraced(function* ({ subject, scopes, clientId, sessionId, expiresIn }) {
      const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      const payload: JWTPayload = {
        sub: subject,
        scope: scopes.join(" "),
        iat: now,
        exp: now + expiresIn,
        ...(clientId !== undefined && { client_id: clientId }),
        ...(sessionId !== undefined && { sid: sessionId }),
        ...(issuer !== undefined && { iss: issuer }),
        ...(audience !== undefined && { aud: audience })
      }
      return yield* Effect.promise(() => new SignJWT(payload).setProtectedHeader(header).sign(keys.signingKey))
    })
  })
}

const ownIssuer = ({ algorithm, verificationKey }: OwnKeys.OwnKeys, issuer: string | undefined) => ({
  issuer,
  algorithms: [algorithm],
  key: verificationKey
})

const invalid = (problem: string) => Effect.fail(new OwnKeys.TokenSettingsInvalid({ problem }))

// A failed request is logged with its address: that must not hold a password.
const isPlainHttp = ({ protocol, username, password }: URL): boolean =>
  ["http:", "https:"].includes(protocol) && username + password === ""

const externalIssuer = Effect.fnUntraced(function* ({ jwksUrl, issuer }: ExternalIssuer, ownName: string | undefined) {
  if (issuer === ownName) return yield* invalid("the external issuer has the name of our own")
  const url = URL.parse(jwksUrl)
  if (url === null || !isPlainHttp(url)) {
    return yield* invalid("the address of the external JWKS is no http(s) URL without a password")
  }
  const runFork = Effect.runForkWith(yield* Effect.context<never>())
  const key = ExternalKeys.make({
    jwksUrl: url,
    clock: yield* Clock.Clock,
    report: (cause) => runFork(Effect.logWarning("The keys of the external token issuer could not be fetched", cause))
  })
  return { issuer, algorithms: ExternalKeys.algorithms, key }
})

const make = Effect.fnUntraced(function* (settings: JwtSettings) {
  const { audience, external, issuer, own } = settings
  const keys = yield* OwnKeys.make(own)
  const verifier = JwtVerifier.make({
    own: ownIssuer(keys, issuer),
    external: external === undefined ? undefined : yield* externalIssuer(external, issuer),
    audience
  })
  return Context.make(AccessToken.TokenSigner, signerOf(keys, settings)).pipe(
    Context.add(AccessToken.TokenVerifier, verifier),
    Context.add(PublicKeys, PublicKeys.of({ keys: keys.publicKeys }))
  )
})

/**
 * JSON web tokens, signed with our own key and accepted from up to two issuers: ourselves, and an external one
 * whose keys are read from its JWKS. Fails where a key or an address in the settings cannot be used.
 */
export const layer = (
  settings: JwtSettings
): Layer.Layer<AccessToken.TokenSigner | AccessToken.TokenVerifier | PublicKeys, OwnKeys.TokenSettingsInvalid> =>
  Layer.effectContext(make(settings))
