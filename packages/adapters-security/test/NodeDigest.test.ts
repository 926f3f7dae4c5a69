import { NodeDigest } from "@customer-service/adapters-security"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Digest } from "effect/crypto"

const algorithms = [Digest.md5, Digest.sha1, Digest.sha256, Digest.sha384, Digest.sha512]

it.effect.each(algorithms)("digests by $name as WebCrypto does", (algorithm) =>
  Effect.gen(function* () {
    const both = Effect.gen(function* () {
      const { digest, digestHex } = yield* Digest.Digest
      const data = new TextEncoder().encode("Zoë 🔑")
      return { bytes: yield* digest(algorithm, data), hex: yield* digestHex(algorithm, data) }
    })
    const ours = yield* Effect.provide(both, NodeDigest.layer)
    const theirs = yield* Effect.provide(both, Digest.layerWebCrypto)
    assert.deepStrictEqual(ours, theirs)
  })
)
