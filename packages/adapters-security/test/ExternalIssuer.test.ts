import { generateKeyPairSync } from "node:crypto"
import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { JWTPayload } from "jose"
import type { JwtTokens } from "@customer-service/adapters-security"
import { answeringServer, keyServer, silentServer } from "./keyServer.ts"
import { customerId, ed25519, edDsa, forge, goodClaims, hs256, refusal, secret, verifierWith } from "./tokens.ts"

const issuer = "https://identity.example"
const claims = { ...goodClaims, iss: issuer }

const rsaKey = (kid: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return {
    jwk: { ...publicKey.export({ format: "jwk" }), kid },
    pem: publicKey.export({ format: "pem", type: "spki" }).toString(),
    token: (wanted: JWTPayload = claims) => forge(privateKey, { alg: "RS256", kid }, wanted)
  }
}

const pairFor = (alg: "ES256" | "ES384" | "ES512" | "PS256" | "RS512" | "EdDSA") => {
  if (alg === "EdDSA") return generateKeyPairSync("ed25519")
  if (alg === "PS256" || alg === "RS512") return generateKeyPairSync("rsa", { modulusLength: 2048 })
  return generateKeyPairSync("ec", { namedCurve: { ES256: "P-256", ES384: "P-384", ES512: "P-521" }[alg] })
}

const first = rsaKey("first")
const second = rsaKey("second")

const external = (jwksUrl: string): JwtTokens.JwtSettings => ({ ...hs256, external: { jwksUrl, issuer } })

describe("tokens of the external issuer", () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it.effect(
    "are accepted, and its keys are read once",
    Effect.fnUntraced(function* () {
      const { url, requests } = yield* keyServer([first.jwk])
      const verify = yield* verifierWith(external(url))
      const token = yield* first.token()
      expect((yield* verify(token)).actor.subject).toBe(customerId)
      yield* Effect.all(
        Array.from({ length: 20 }, () => verify(token)),
        { concurrency: "unbounded" }
      )
      expect(requests).toHaveLength(1)
    })
  )

  it.effect.each(["ES256", "ES384", "ES512", "PS256", "RS512", "EdDSA"] as const)("may be signed with %s", (alg) =>
    Effect.gen(function* () {
      const pair = pairFor(alg)
      const { url } = yield* keyServer([{ ...pair.publicKey.export({ format: "jwk" }), kid: "it" }])
      const verify = yield* verifierWith(external(url))
      yield* verify(yield* forge(pair.privateKey, { alg, kid: "it" }, claims))
    })
  )

  it.effect.each(["0192f0c1-7a3b-7c4d-8e5f-00000000beef", "s".repeat(100), 7])(
    "live by no session of ours, whatever session of their issuer's they name: %j",
    (sid) =>
      Effect.gen(function* () {
        const { url } = yield* keyServer([first.jwk])
        const verify = yield* verifierWith(external(url))
        const { actor } = yield* verify(yield* first.token({ ...claims, sid }))
        expect(actor).not.toHaveProperty("sessionId")
        expect(actor.subject).toBe(customerId)
      })
  )

  it.effect(
    "do not keep ours from being accepted, and ours ask for no keys",
    Effect.fnUntraced(function* () {
      const { url, requests } = yield* keyServer([first.jwk])
      const verify = yield* verifierWith(external(url))
      yield* verify(yield* forge(new TextEncoder().encode(secret), { alg: "HS256" }))
      expect(requests).toStrictEqual([])
    })
  )

  it.effect(
    "are refused with HS256, be it with our secret or the public key",
    Effect.fnUntraced(function* () {
      const { url } = yield* keyServer([first.jwk])
      for (const key of [secret, first.pem]) {
        const token = yield* forge(new TextEncoder().encode(key), { alg: "HS256" }, claims)
        expect(yield* refusal(external(url), token)).toBe("algorithm")
      }
    })
  )

  it.effect(
    "are refused with our own EdDSA key, and ours with theirs",
    Effect.fnUntraced(function* () {
      const { url } = yield* keyServer([first.jwk])
      const settings = { ...external(url), ...edDsa, issuer: "https://us.example" }
      expect(yield* refusal(settings, yield* forge(ed25519.privateKey, { alg: "EdDSA" }, claims))).toBe("signature")
      const ours = yield* first.token({ ...goodClaims, iss: "https://us.example" })
      expect(yield* refusal(settings, ours)).toBe("algorithm")
    })
  )

  it.effect(
    "are refused when expired or for another audience",
    Effect.fnUntraced(function* () {
      const { url } = yield* keyServer([first.jwk])
      const settings = { ...external(url), audience: "customers" }
      expect(yield* refusal(settings, yield* first.token({ ...claims, aud: "orders" }))).toBe("audience")
      expect(yield* refusal(settings, yield* first.token({ ...claims, aud: "customers", exp: -10 }))).toBe("expired")
    })
  )

  it.effect(
    "are accepted with a new key as soon as one of them comes, and refused with the key that was taken away",
    Effect.fnUntraced(function* () {
      vi.useFakeTimers({ toFake: ["Date"], now: 0 })
      const { url, requests, state } = yield* keyServer([first.jwk])
      const verify = yield* verifierWith(external(url))
      yield* verify(yield* first.token())

      state.keys = [second.jwk]
      vi.setSystemTime(6000)
      yield* verify(yield* second.token())
      expect(requests).toHaveLength(2)

      const refused = yield* Effect.flip(verify(yield* first.token()))
      expect(refused).toMatchObject({ _tag: "TokenRejected", reason: "signature" })
    })
  )

  it.effect(
    "with unknown keys do not make us ask the issuer again and again",
    Effect.fnUntraced(function* () {
      const { url, requests } = yield* keyServer([first.jwk])
      const verify = yield* verifierWith(external(url))
      yield* verify(yield* first.token())
      for (const kid of ["a", "b", "c"]) yield* Effect.flip(verify(yield* rsaKey(kid).token()))
      expect(requests).toHaveLength(1)
    })
  )
})

describe("an external issuer that is away", () => {
  it.effect(
    "is no fault of the token, and is asked again a second later",
    Effect.fnUntraced(function* () {
      const { url, requests, state } = yield* keyServer([first.jwk])
      const verify = yield* verifierWith(external(url))
      const token = yield* first.token()

      state.status = 500
      expect((yield* Effect.flip(verify(token)))._tag).toBe("KeysUnavailable")
      state.status = 200
      expect((yield* Effect.flip(verify(token)))._tag).toBe("KeysUnavailable")
      expect(requests).toHaveLength(1)

      yield* TestClock.adjust("1 second")
      yield* verify(token)
    })
  )

  it.effect(
    "does not keep the keys that are known from being used",
    Effect.fnUntraced(function* () {
      vi.useFakeTimers({ toFake: ["Date"], now: 0 })
      const { url, close } = yield* keyServer([first.jwk])
      const verify = yield* verifierWith(external(url))
      yield* verify(yield* first.token())
      yield* close
      vi.setSystemTime(6000)
      expect((yield* Effect.flip(verify(yield* second.token())))._tag).toBe("KeysUnavailable")
      yield* verify(yield* first.token())
      vi.useRealTimers()
    })
  )

  it.live(
    "holds a request for less than two seconds",
    Effect.fnUntraced(function* () {
      const { url } = yield* silentServer
      const verify = yield* verifierWith(external(url))
      const token = yield* first.token({ ...claims, exp: 9_999_999_999 })
      const begun = performance.now()
      expect((yield* Effect.flip(verify(token)))._tag).toBe("KeysUnavailable")
      expect(performance.now() - begun).toBeLessThan(2000)
      expect((yield* Effect.flip(verify(token)))._tag).toBe("KeysUnavailable")
      expect(performance.now() - begun).toBeLessThan(2000)
    })
  )

  it.effect.each([
    ["a page instead of keys", 200, {}, "<html>"],
    ["keys of another shape", 200, {}, '{"keys":"none"}'],
    ["another address", 302, { location: "http://127.0.0.1:1/" }, ""]
  ] as const)("may also answer with %s", ([, status, headers, body]) =>
    Effect.gen(function* () {
      const { url } = yield* answeringServer(status, headers, body)
      expect(yield* refusal(external(url), yield* first.token())).toBe("KeysUnavailable")
    })
  )
})
