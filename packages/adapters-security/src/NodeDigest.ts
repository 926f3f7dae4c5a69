import { Effect, Layer } from "effect"
import { Digest } from "effect/crypto"
import { createHash } from "node:crypto"

const digestWith = ({ name }: Digest.Algorithm, data: Uint8Array) => createHash(name.replace("-", "")).update(data)

/**
 * Digests computed at once, on the main thread: for the few bytes of a token that takes a microsecond, a hundredth of
 * what WebCrypto's way through a pool of threads costs. Not for large data.
 */
export const layer: Layer.Layer<Digest.Digest> = Layer.succeed(Digest.Digest, {
  digest: (algorithm, data) => Effect.sync(() => new Uint8Array(digestWith(algorithm, data).digest())),
  digestHex: (algorithm, data) => Effect.sync(() => digestWith(algorithm, data).digest("hex"))
})
