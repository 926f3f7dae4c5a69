import { AccessToken } from "@customer-service/core"
import { describe, expect, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { customerId } from "./tokens.ts"

const claims: AccessToken.AccessTokenClaims = { subject: customerId, scopes: ["customers:read"], expiresIn: 600 }

const sign = (wanted: AccessToken.AccessTokenClaims) =>
  Effect.flatMap(AccessToken.TokenSigner, (signer) => signer.sign(wanted))

const verify = (token: string) => Effect.flatMap(AccessToken.TokenVerifier, (verifier) => verifier.verify(token))

const rejected = (reason: AccessToken.TokenRejected["reason"]) => new AccessToken.TokenRejected({ reason })

/** What every pair of token signer and verifier must do. */
export const accessTokenContract = (
  name: string,
  tokens: Layer.Layer<AccessToken.TokenSigner | AccessToken.TokenVerifier>
): void => {
  describe(name, () => {
    layer(tokens)((it) => {
      it.effect(
        "a token it signs verifies as the actor that its claims describe",
        Effect.fnUntraced(function* () {
          const scopes = new Set(["customers:read"])
          const customer = yield* verify(yield* sign(claims))
          expect(customer.actor).toStrictEqual({ kind: "customer", subject: customerId, scopes })

          const service = yield* verify(yield* sign({ ...claims, subject: "orders", clientId: "orders" }))
          expect(service.actor).toStrictEqual({ kind: "service", subject: "orders", scopes })

          const staff = yield* verify(yield* sign({ ...claims, subject: "ada", scopes: ["customers:admin"] }))
          expect(staff.actor).toStrictEqual({ kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) })
        })
      )

      it.effect(
        "a token it signs expires after the seconds asked for",
        Effect.fnUntraced(function* () {
          yield* TestClock.setTime(1_700_000_000_000)
          const { expiresAt } = yield* verify(yield* sign(claims))
          expect(expiresAt).toBe(1_700_000_600_000)
        })
      )

      it.effect(
        "refuses a token that has expired",
        Effect.fnUntraced(function* () {
          const token = yield* sign(claims)
          yield* verify(token)
          yield* TestClock.adjust("606 seconds")
          expect(yield* Effect.flip(verify(token))).toStrictEqual(rejected("expired"))
        })
      )

      it.effect(
        "refuses a token that nobody signed",
        Effect.fnUntraced(function* () {
          const token = yield* sign(claims)
          const error = yield* Effect.flip(verify(`${token.slice(0, -4)}AAAA`))
          expect(error).toStrictEqual(rejected("signature"))
          expect((yield* Effect.flip(verify("")))._tag).toBe("TokenRejected")
        })
      )

      it.effect(
        "refuses a token that names no actor",
        Effect.fnUntraced(function* () {
          const token = yield* sign({ ...claims, subject: "neither a UUID nor a client" })
          expect(yield* Effect.flip(verify(token))).toStrictEqual(rejected("not_an_actor"))
        })
      )

      it.effect(
        "refuses a token of more than 8192 characters",
        Effect.fnUntraced(function* () {
          expect(yield* Effect.flip(verify("a".repeat(8193)))).toStrictEqual(rejected("malformed"))
        })
      )

      it.effect(
        "a rejection holds nothing of the token",
        Effect.fnUntraced(function* () {
          const token = yield* sign({ ...claims, subject: "somebody" })
          const error = yield* Effect.flip(verify(token))
          expect(Object.keys(error).sort()).toStrictEqual(["_tag", "reason"])
          expect(error.cause).toBeUndefined()
          expect(String(error)).not.toContain("somebody")
        })
      )
    })
  })
}
