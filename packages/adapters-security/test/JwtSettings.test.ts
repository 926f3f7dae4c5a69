import { generateKeyPairSync } from "node:crypto"
import { AccessToken } from "@customer-service/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { importJWK, jwtVerify } from "jose"
import { JwtTokens, PublicKeys } from "@customer-service/adapters-security"
import { ed25519, edDsa, hs256 } from "./tokens.ts"

const build = (settings: JwtTokens.JwtSettings) => Layer.build(JwtTokens.layer(settings))
const problemOf = (settings: JwtTokens.JwtSettings) =>
  Effect.map(Effect.flip(build(settings)), ({ problem }) => problem)

const withKey = (pem: string): JwtTokens.JwtSettings => ({
  own: { algorithm: "EdDSA", privateKey: Redacted.make(pem) }
})

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const ed448 = generateKeyPairSync("ed448")
const pkcs8 = (key: typeof rsa.privateKey) => key.export({ format: "pem", type: "pkcs8" }).toString()

describe("the settings of the tokens", () => {
  it.effect.each([
    ["an RSA key", pkcs8(rsa.privateKey)],
    ["an Ed448 key", pkcs8(ed448.privateKey)],
    ["a public key", ed25519.publicKey.export({ format: "pem", type: "spki" }).toString()],
    ["no key", "surely not a key"],
    ["nothing", ""]
  ] as const)("%s where an Ed25519 private key is needed is refused without being quoted", ([, pem]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(build(withKey(pem)))
      expect(error.problem).toBe("the token signing key is not an Ed25519 private key in PKCS #8 PEM")
      expect(error.cause).toBeUndefined()
    })
  )

  it.effect(
    "a private key may have its line breaks written as \\n",
    Effect.fnUntraced(function* () {
      yield* build(withKey(pkcs8(ed25519.privateKey).replaceAll("\n", "\\n")))
    })
  )

  it.effect(
    "an empty secret is refused",
    Effect.fnUntraced(function* () {
      const settings = { own: { algorithm: "HS256", secret: Redacted.make("") } } as const
      expect(yield* problemOf(settings)).toBe("the token secret is empty")
    })
  )

  it.effect.each(["identity.example/jwks", "file:///etc/passwd", "https://me:secret@identity.example", ""])(
    "an address of keys that is '%s' is refused",
    (jwksUrl) =>
      Effect.gen(function* () {
        const external = { jwksUrl, issuer: "https://identity.example" }
        expect(yield* problemOf({ ...hs256, external })).toBe(
          "the address of the external JWKS is no http(s) URL without a password"
        )
      })
  )

  it.effect(
    "an external issuer of our own name is refused",
    Effect.fnUntraced(function* () {
      const issuer = "https://us.example"
      const external = { jwksUrl: "https://us.example/jwks", issuer }
      expect(yield* problemOf({ ...hs256, issuer, external })).toBe("the external issuer has the name of our own")
    })
  )
})

describe("the public keys", () => {
  it.effect(
    "are none where tokens are signed with a secret",
    Effect.fnUntraced(function* () {
      const { keys } = yield* Effect.provide(PublicKeys, yield* build(hs256))
      expect(keys).toStrictEqual([])
    })
  )

  it.effect(
    "verify what we sign, and hold nothing private",
    Effect.fnUntraced(function* () {
      const context = yield* build(edDsa)
      const { keys } = yield* Effect.provide(PublicKeys, context)
      const { sign } = yield* Effect.provide(AccessToken.TokenSigner, context)
      const token = yield* sign({ subject: "orders", clientId: "orders", scopes: ["customers:read"], expiresIn: 60 })

      expect(keys.map((key) => Object.keys(key).sort())).toStrictEqual([["alg", "crv", "kid", "kty", "use", "x"]])
      const key = yield* Effect.promise(() => importJWK(keys[0] ?? {}))
      const { protectedHeader } = yield* Effect.promise(() => jwtVerify(token, key, { currentDate: new Date(0) }))
      expect(protectedHeader.kid).toBe(keys[0]?.kid)
    })
  )
})
