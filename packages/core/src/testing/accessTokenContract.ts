import { assert, layer } from "@effect/vitest"
import { Clock, Effect, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { type AccessTokenClaims, TokenRejected, TokenSigner, TokenVerifier } from "../identity/AccessToken.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { freshCustomerId } from "./strangers.ts"

const claims = (): AccessTokenClaims => ({
  subject: freshCustomerId(),
  scopes: ["customers:read"],
  expiresIn: 600
})

const sign = (wanted: AccessTokenClaims) => Effect.flatMap(TokenSigner, (signer) => signer.sign(wanted))

const verify = (token: string) => Effect.flatMap(TokenVerifier, (verifier) => verifier.verify(token))

const rejected = (reason: TokenRejected["reason"]) => new TokenRejected({ reason })

/** The contract of {@link TokenSigner} and {@link TokenVerifier}, which go in pairs; they take their time from the test clock. */
export const accessTokenContract = <E>(
  name: string,
  adapter: Layer.Layer<TokenSigner | TokenVerifier, E>,
  options?: Pick<ContractOptions, "timeout">
): void =>
  layer(adapter, options)(`${name} keeps the contract of AccessToken`, (it) => {
    signing(it)
    refusing(it)
  })

const signing = (it: ContractSuite<TokenSigner | TokenVerifier>): void => {
  it.effect("a token it signs verifies as the actor that its claims describe", () =>
    Effect.gen(function* () {
      const said = claims()
      const scopes = new Set(["customers:read"])
      const customer = yield* verify(yield* sign(said))
      assert.deepStrictEqual(customer.actor, { kind: "customer", subject: said.subject, scopes })
      const service = yield* verify(yield* sign({ ...said, subject: "orders", clientId: "orders" }))
      assert.deepStrictEqual(service.actor, { kind: "service", subject: "orders", scopes })
      const staff = yield* verify(yield* sign({ ...said, subject: "ada", scopes: ["customers:admin"] }))
      assert.deepStrictEqual(staff.actor, { kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) })
    })
  )

  it.effect("a token it signs expires after the seconds asked for", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      const { expiresAt } = yield* verify(yield* sign(claims()))
      assert.strictEqual(expiresAt, (yield* Clock.currentTimeMillis) + 600_000)
    })
  )
}

const refusing = (it: ContractSuite<TokenSigner | TokenVerifier>): void => {
  it.effect("refuses a token that has expired", () =>
    Effect.gen(function* () {
      const token = yield* sign(claims())
      yield* verify(token)
      yield* TestClock.adjust("606 seconds")
      assert.deepStrictEqual(yield* Effect.flip(verify(token)), rejected("expired"))
    })
  )

  it.effect("refuses a token that nobody signed", () =>
    Effect.gen(function* () {
      const token = yield* sign(claims())
      assert.deepStrictEqual(yield* Effect.flip(verify(`${token.slice(0, -4)}AAAA`)), rejected("signature"))
      assert.strictEqual((yield* Effect.flip(verify("")))._tag, "TokenRejected")
    })
  )

  it.effect("refuses a token that names no actor", () =>
    Effect.gen(function* () {
      const token = yield* sign({ ...claims(), subject: "neither a UUID nor a client" })
      assert.deepStrictEqual(yield* Effect.flip(verify(token)), rejected("not_an_actor"))
    })
  )

  it.effect("refuses a token of more than 8192 characters", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Effect.flip(verify("a".repeat(8193))), rejected("malformed"))
    })
  )

  it.effect("a rejection holds nothing of the token", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(verify(yield* sign({ ...claims(), subject: "somebody" })))
      assert.sameMembers(Object.keys(error), ["_tag", "reason"])
      assert.isUndefined(error.cause)
      assert.notInclude(String(error), "somebody")
    })
  )
}
