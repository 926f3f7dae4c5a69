import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { JwtTokens } from "@customer-service/adapters-security"
import { keyServer } from "./keyServer.ts"
import { edDsa, forge, goodClaims, hs256, refusal } from "./tokens.ts"

const attacker = generateKeyPairSync("ed25519")
const attackerJwk = { ...attacker.publicKey.export({ format: "jwk" }), kid: "attacker", alg: "EdDSA", use: "sig" }

const issuer = "https://identity.example"

const tricksWith = (url: string) => [
  { jku: url, kid: "attacker" },
  { x5u: url },
  { jwk: attackerJwk },
  { x5c: ["MIIB"], x5t: "x" },
  { kid: url },
  { kid: "../../../../dev/null" },
  { kid: "' UNION SELECT 'key" },
  { kid: "attacker", jku: url, x5u: url, jwk: attackerJwk }
]

/** The attacker's keys lie ready behind `url`: whoever follows the header accepts the token. */
const expectRefused = (settings: JwtTokens.JwtSettings, claims = goodClaims) =>
  Effect.gen(function* () {
    const { url, requests } = yield* keyServer([attackerJwk])
    for (const trick of tricksWith(url)) {
      const token = yield* forge(attacker.privateKey, { alg: "EdDSA", ...trick }, claims)
      expect(yield* refusal(settings, token)).toMatch(/^(signature|algorithm)$/)
    }
    expect(requests).toStrictEqual([])
  })

describe("keys named in a token's header", () => {
  it.effect("are neither fetched nor used where HS256 is configured", () => expectRefused(hs256))

  it.effect("are neither fetched nor used where EdDSA is configured", () => expectRefused(edDsa))

  it.effect(
    "are neither fetched nor used for the external issuer",
    Effect.fnUntraced(function* () {
      const genuine = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" })
      const { url, requests } = yield* keyServer([{ ...genuine, kid: "genuine", alg: "EdDSA" }])
      const settings = { ...hs256, external: { jwksUrl: url, issuer } }
      yield* expectRefused(settings, { ...goodClaims, iss: issuer })
      expect(new Set(requests)).toStrictEqual(new Set(["/jwks.json"]))
    })
  )
})
