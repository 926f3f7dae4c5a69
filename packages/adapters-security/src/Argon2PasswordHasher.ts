import { availableParallelism } from "node:os"
import { type Algorithm, hash } from "@node-rs/argon2"
import { PasswordHasher } from "@customer-service/core"
import { Effect, Layer, Redacted, Semaphore } from "effect"

const argon2id = 2 satisfies Algorithm.Argon2id

/** OWASP's parameters for argon2id; `memoryCost` is in KiB. */
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashing runs on libuv's four threads. Signatures and DNS need one as well, and must not wait for passwords. */
const mostThreads = 3

/** One core is left to the requests that need no hash, where there is more than one. */
const threads = Math.min(Math.max(1, availableParallelism() - 1), mostThreads)

/**
 * Hashes passwords with argon2id, outside the main thread: 19 MiB and 10 to 30 ms of one core each. One core stays
 * free, and no more than three hashes run at once; the others wait their turn.
 */
export const layer: Layer.Layer<PasswordHasher.PasswordHasher> = Layer.effect(
  PasswordHasher.PasswordHasher,
  Effect.map(Semaphore.make(threads), (semaphore) => ({
    hash: (password: Redacted.Redacted) =>
      semaphore.withPermit(Effect.promise((signal) => hash(Redacted.value(password), parameters, signal)))
  }))
)
