import { generateKeyPairSync } from "node:crypto"
import { AccessToken } from "@customer-service/core"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose"
import { JwtTokens } from "@customer-service/adapters-security"

export const customerId = "0192f0c1-7a3b-7c4d-8e5f-0123456789ab"

/** Test time begins at the epoch: a token that expires at this second lives for an hour. */
export const inAnHour = 3600

export const goodClaims: JWTPayload = { sub: customerId, scope: "customers:read", exp: inAnHour }

export const secret = "a secret of more than thirty-two bytes"
export const hs256: JwtTokens.JwtSettings = { own: { algorithm: "HS256", secret: Redacted.make(secret) } }

export const ed25519 = generateKeyPairSync("ed25519")
const toPem = (key: typeof ed25519.privateKey) => key.export({ format: "pem", type: "pkcs8" }).toString()
export const publicPem = ed25519.publicKey.export({ format: "pem", type: "spki" }).toString()
export const edDsa: JwtTokens.JwtSettings = {
  own: { algorithm: "EdDSA", privateKey: Redacted.make(toPem(ed25519.privateKey)) }
}

/** A token signed by hand, with whatever claims and header. */
export const forge = (
  key: Parameters<SignJWT["sign"]>[0],
  header: JWTHeaderParameters,
  claims: JWTPayload = goodClaims
): Effect.Effect<string> => Effect.promise(() => new SignJWT(claims).setProtectedHeader(header).sign(key))

/** A token that the HS256 settings above accept if its claims are in order. */
export const signed = (claims: JWTPayload): Effect.Effect<string> =>
  forge(new TextEncoder().encode(secret), { alg: "HS256" }, claims)

/** A part of a token. */
export const encodePart = (part: object | string): string =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url")

/** A verifier with these settings, to be asked more than once. */
export const verifierWith = (
  settings: JwtTokens.JwtSettings
): Effect.Effect<AccessToken.TokenVerifier["Service"]["verify"], never, Scope.Scope> =>
  Layer.build(JwtTokens.layer(settings)).pipe(
    Effect.orDie,
    Effect.flatMap((context) => Effect.provide(AccessToken.TokenVerifier, context)),
    Effect.map(({ verify }) => verify)
  )

/** Why a verifier with these settings refuses the token; fails where it accepts it. */
export const refusal = (settings: JwtTokens.JwtSettings, token: string) =>
  Effect.gen(function* () {
    const verify = yield* verifierWith(settings)
    const error = yield* Effect.flip(verify(token))
    return error._tag === "TokenRejected" ? error.reason : error._tag
  }).pipe(Effect.scoped)
