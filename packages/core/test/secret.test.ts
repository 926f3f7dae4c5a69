import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Layer, Redacted } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { digestOf, followerOf, makeSecret } from "../src/identity/Secret.ts"

const crypto = Layer.mergeAll(SecureRandom.layerWebCrypto, Digest.layerWebCrypto)

const isSecret = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text)

describe("a secret", () => {
  it.effect("is 256 random bits as 43 characters that need no escape in a link", () =>
    Effect.gen(function* () {
      const secrets = yield* Effect.all(Array.replicate(makeSecret, 200))
      const texts = secrets.map(Redacted.value)
      assert.strictEqual(new Set(texts).size, 200)
      for (const text of texts) {
        assert.isTrue(isSecret(text))
      }
      const bytes = texts.map((text) => globalThis.Buffer.from(text, "base64url").length)
      assert.deepStrictEqual(bytes, Array.replicate(32, 200))
    }).pipe(Effect.provide(crypto))
  )

  it.effect("shows in no text", () =>
    Effect.gen(function* () {
      const secret = yield* makeSecret
      for (const text of [String(secret), JSON.stringify({ secret }), `${secret}`]) {
        assert.notInclude(text, Redacted.value(secret))
      }
    }).pipe(Effect.provide(crypto))
  )

  it.effect("is kept as its SHA-256", () =>
    Effect.gen(function* () {
      const digest = yield* digestOf(Redacted.make("abc"))
      assert.strictEqual(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }).pipe(Effect.provide(crypto))
  )

  it.effect("leads to one follower a nonce, which neither is nor digests to what is kept of it", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* makeSecret, yield* makeSecret]
      const followers = yield* Effect.forEach(
        [followerOf("n1", one), followerOf("n1", one), followerOf("n2", one), followerOf("n1", other)],
        Effect.map(Redacted.value)
      )
      assert.strictEqual(followers[0], followers[1])
      assert.strictEqual(new Set([...followers, Redacted.value(one), Redacted.value(other)]).size, 5)
      for (const follower of followers) assert.isTrue(isSecret(follower))
      const kept = yield* Effect.forEach([one, Redacted.make(followers[0] ?? "")], digestOf)
      assert.strictEqual(new Set(kept).size, 2)
    }).pipe(Effect.provide(crypto))
  )
})
