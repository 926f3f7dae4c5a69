import { generateKeyPairSync } from "node:crypto"
import { AccessToken } from "@customer-service/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose"
import { JwtTokens } from "@customer-service/adapters-security"
import { customerId, ed25519, edDsa, encodePart, forge, goodClaims, hs256 } from "./tokens.ts"
import { inAnHour, publicPem, refusal, secret, signed, verifierWith } from "./tokens.ts"

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const bytes = (text: string) => new TextEncoder().encode(text)

const replacePart = (token: string, index: number, part: string): string => token.split(".").with(index, part).join(".")

const ownToken = (settings: JwtTokens.JwtSettings) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(JwtTokens.layer(settings))
    const { sign } = yield* Effect.provide(AccessToken.TokenSigner, context)
    return yield* sign({ subject: customerId, scopes: [], expiresIn: 60 })
  })

const unsigned = (alg: string) => `${encodePart({ alg })}.${encodePart(goodClaims)}.`

describe("our own tokens", () => {
  it.effect(
    "one made elsewhere with the same secret is accepted",
    Effect.fnUntraced(function* () {
      const verify = yield* verifierWith(hs256)
      expect((yield* verify(yield* signed(goodClaims))).actor.subject).toBe(customerId)
    })
  )

  it.effect.each([hs256, edDsa])(
    "one names the session that it lives by: %#",
    Effect.fnUntraced(function* (settings) {
      const context = yield* Layer.build(JwtTokens.layer(settings))
      const { sign } = yield* Effect.provide(AccessToken.TokenSigner, context)
      const { verify } = yield* Effect.provide(AccessToken.TokenVerifier, context)
      const sessionId = "0192f0c1-7a3b-7c4d-8e5f-00000000beef"
      const token = yield* sign({ subject: customerId, scopes: [], sessionId, expiresIn: 60 })
      expect(decodeJwt(token)["sid"]).toBe(sessionId)
      expect((yield* verify(token)).actor.sessionId).toBe(sessionId)
      expect(decodeJwt(yield* ownToken(settings))).not.toHaveProperty("sid")
    })
  )

  it.effect.each([7, "", null, ["a"], "s".repeat(65)])("one with the session %j is refused", (sid) =>
    Effect.gen(function* () {
      expect(yield* refusal(hs256, yield* signed({ ...goodClaims, sid }))).toBe("not_an_actor")
    })
  )

  it.effect(
    "a clock may be behind by five seconds and no more",
    Effect.fnUntraced(function* () {
      const verify = yield* verifierWith(hs256)
      const token = yield* signed(goodClaims)
      yield* TestClock.setTime(inAnHour * 1000 + 4999)
      yield* verify(token)
      yield* TestClock.setTime(inAnHour * 1000 + 5000)
      expect(yield* refusal(hs256, token)).toBe("expired")
    })
  )

  it.effect.each([
    ["without exp", { sub: customerId }, "malformed"],
    ["whose nbf has not come", { ...goodClaims, nbf: 60 }, "expired"],
    ["without a subject", { scope: "customers:admin", exp: inAnHour }, "not_an_actor"]
  ] as const)("one %s is refused", ([, claims, reason]) =>
    Effect.gen(function* () {
      expect(yield* refusal(hs256, yield* signed(claims))).toBe(reason)
    })
  )

  it.effect.each([
    ["exp is a text", { exp: "3600" }],
    ["exp is null", { exp: null }],
    ["exp is a list", { exp: [inAnHour] }],
    ["nbf is a text", { nbf: "0" }]
  ] as const)("one whose %s is refused", ([, wrong]) =>
    Effect.gen(function* () {
      const claims: JWTPayload = JSON.parse(JSON.stringify({ ...goodClaims, ...wrong }))
      expect(yield* refusal(hs256, yield* signed(claims))).toBe("malformed")
    })
  )

  it.effect.each([
    ["audience", { audience: "customers" }, { aud: "orders" }],
    ["audience", { audience: "customers" }, { aud: "carts" }],
    ["audience", { audience: "customers" }, {}],
    ["issuer", { issuer: "https://us.example" }, { iss: "https://them.example" }],
    ["issuer", { issuer: "https://us.example" }, {}]
  ] as const)("one with another %s is refused: %j, %j", ([reason, names, claims]) =>
    Effect.gen(function* () {
      expect(yield* refusal({ ...hs256, ...names }, yield* signed({ ...goodClaims, ...claims }))).toBe(reason)
    })
  )

  it.effect(
    "one for several audiences is accepted by each",
    Effect.fnUntraced(function* () {
      const verify = yield* verifierWith({ ...hs256, audience: "customers" })
      yield* verify(yield* signed({ ...goodClaims, aud: ["orders", "customers"] }))
    })
  )

  it.effect(
    "one whose payload, header or signature was changed is refused",
    Effect.fnUntraced(function* () {
      const token = yield* signed(goodClaims)
      const payload = encodePart({ ...goodClaims, scope: "customers:admin" })
      expect(yield* refusal(hs256, replacePart(token, 1, payload))).toBe("signature")
      expect(yield* refusal(hs256, replacePart(token, 0, encodePart({ alg: "HS256", kid: "x" })))).toBe("signature")
      expect(yield* refusal(hs256, replacePart(token, 2, encodePart("not the signature")))).toBe("signature")
      expect(yield* refusal(hs256, replacePart(token, 2, ""))).toBe("signature")
    })
  )

  it.effect.each(["none", "None", "NONE", "", "nOnE"])("one with the algorithm '%s' is refused", (alg) =>
    Effect.gen(function* () {
      expect(yield* refusal(hs256, unsigned(alg))).toMatch(/^(algorithm|malformed)$/)
      expect(yield* refusal(edDsa, unsigned(alg))).toMatch(/^(algorithm|malformed)$/)
    })
  )

  it.effect(
    "RS256 and EdDSA are refused where HS256 is configured, and so is another strength of HS",
    Effect.fnUntraced(function* () {
      expect(yield* refusal(hs256, yield* forge(rsa.privateKey, { alg: "RS256" }))).toBe("algorithm")
      expect(yield* refusal(hs256, yield* forge(ed25519.privateKey, { alg: "EdDSA" }))).toBe("algorithm")
      expect(yield* refusal(hs256, yield* forge(bytes(secret.repeat(2)), { alg: "HS512" }))).toBe("algorithm")
    })
  )

  it.effect(
    "HS256 is refused where EdDSA is configured, though it be signed with the public key",
    Effect.fnUntraced(function* () {
      const raw = Buffer.from(ed25519.publicKey.export({ format: "jwk" }).x ?? "", "base64url")
      for (const key of [bytes(publicPem), bytes(publicPem.trim()), raw]) {
        expect(yield* refusal(edDsa, yield* forge(key, { alg: "HS256" }))).toBe("algorithm")
      }
    })
  )

  it.effect(
    "RS256 and another Ed25519 key are refused where EdDSA is configured",
    Effect.fnUntraced(function* () {
      const other = generateKeyPairSync("ed25519")
      expect(yield* refusal(edDsa, yield* forge(rsa.privateKey, { alg: "RS256" }))).toBe("algorithm")
      expect(yield* refusal(edDsa, yield* forge(other.privateKey, { alg: "EdDSA" }))).toBe("signature")
    })
  )

  it.effect.each([
    "a",
    "..",
    "a.b.c",
    "....",
    `${encodePart("{")}.${encodePart("{}")}.AAAA`,
    `${encodePart("[]")}.${encodePart("{}")}.AAAA`,
    `${encodePart({ alg: 1 })}.${encodePart("{}")}.AAAA`,
    `${encodePart({ alg: "HS256", crit: ["x"], x: 1 })}.${encodePart("{}")}.AAAA`,
    `${encodePart({ alg: "HS256", crit: ["b64"], b64: false })}.{}.AAAA`,
    "\u{1F600}.\u{1F600}.\u{1F600}",
    "\uD800.\0.\uDFFF"
  ])("what is no token is refused: %j", (token) =>
    Effect.gen(function* () {
      expect(yield* refusal(hs256, token)).toMatch(/^(malformed|algorithm|signature)$/)
    })
  )

  it.live(
    "one of 60 KiB is refused within 50 ms",
    Effect.fnUntraced(function* () {
      const verify = yield* verifierWith(hs256)
      const token = yield* signed({ ...goodClaims, exp: 9_999_999_999, scope: "a ".repeat(30_000) })
      const begun = performance.now()
      const error = yield* Effect.flip(verify(token))
      expect(performance.now() - begun).toBeLessThan(50)
      expect(error).toStrictEqual(new AccessToken.TokenRejected({ reason: "malformed" }))
    })
  )

  it.effect(
    "a signed one says that it is an access token, and which key it was signed with",
    Effect.fnUntraced(function* () {
      expect(decodeProtectedHeader(yield* ownToken(hs256))).toStrictEqual({ alg: "HS256", typ: "at+jwt" })
      const header = decodeProtectedHeader(yield* ownToken(edDsa))
      expect(header).toStrictEqual({ alg: "EdDSA", typ: "at+jwt", kid: expect.stringMatching(/^[\w-]{43}$/) })
    })
  )
})
