import { AccessToken, CachedTokenVerifier } from "@customer-service/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { digestToken } from "@customer-service/adapters-security"

const actor = { kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) } as const

/** A cache before a verifier that counts its calls; it refuses tokens that begin with `bad`. */
const cacheOver = (expiresAt: number) =>
  Effect.gen(function* () {
    const calls: Array<string> = []
    const verifier = Layer.succeed(AccessToken.TokenVerifier, {
      verify: (token: string) =>
        Effect.suspend(() => {
          calls.push(token)
          return token.startsWith("bad")
            ? Effect.fail(new AccessToken.TokenRejected({ reason: "signature" }))
            : Effect.succeed({ actor, expiresAt })
        })
    })
    const context = yield* Layer.build(Layer.provide(CachedTokenVerifier.layer(digestToken), verifier))
    const { peek, verify } = yield* Effect.provide(CachedTokenVerifier.CachedTokenVerifier, context)
    return { calls, peek, verify }
  })

describe("the cache of verified tokens", () => {
  it.effect(
    "verifies a token once and then knows it",
    Effect.fnUntraced(function* () {
      const { calls, peek, verify } = yield* cacheOver(3_600_000)
      expect(peek("good", 0)).toBeUndefined()
      yield* verify("good")
      yield* verify("good")
      expect(calls).toStrictEqual(["good"])
      expect(peek("good", 0)).toStrictEqual({ actor, expiresAt: 3_600_000 })
    })
  )

  it.effect(
    "forgets a token after a minute",
    Effect.fnUntraced(function* () {
      const { calls, peek, verify } = yield* cacheOver(3_600_000)
      yield* verify("good")
      expect(peek("good", 59_999)).toBeDefined()
      expect(peek("good", 60_000)).toBeUndefined()
      yield* TestClock.adjust("60 seconds")
      yield* verify("good")
      expect(calls).toHaveLength(2)
      expect(peek("good", 60_000)).toBeDefined()
    })
  )

  it.effect(
    "forgets a token as soon as it expires",
    Effect.fnUntraced(function* () {
      const { peek, verify } = yield* cacheOver(10_000)
      yield* verify("good")
      expect(peek("good", 9999)).toBeDefined()
      expect(peek("good", 10_000)).toBeUndefined()
    })
  )

  it.effect(
    "never remembers a rejection",
    Effect.fnUntraced(function* () {
      const { calls, peek, verify } = yield* cacheOver(3_600_000)
      yield* Effect.flip(verify("bad"))
      yield* Effect.flip(verify("bad"))
      expect(calls).toStrictEqual(["bad", "bad"])
      expect(peek("bad", 0)).toBeUndefined()
    })
  )

  it.effect(
    "keeps 10,000 tokens and drops the one put first",
    Effect.fnUntraced(function* () {
      const { peek, verify } = yield* cacheOver(3_600_000)
      for (let number = 0; number <= 10_000; number += 1) yield* verify(`good ${number}`)
      expect(peek("good 0", 0)).toBeUndefined()
      expect(peek("good 1", 0)).toBeDefined()
      expect(peek("good 10000", 0)).toBeDefined()
    })
  )

  it.effect(
    "a token that is verified again is the newest",
    Effect.fnUntraced(function* () {
      const { peek, verify } = yield* cacheOver(3_600_000)
      yield* verify("good")
      yield* TestClock.adjust("60 seconds")
      for (let number = 1; number < 10_000; number += 1) yield* verify(`good ${number}`)
      yield* verify("good")
      yield* verify("one more")
      expect(peek("good", 60_000)).toBeDefined()
      expect(peek("good 1", 60_000)).toBeUndefined()
    })
  )
})
