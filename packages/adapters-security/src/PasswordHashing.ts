import { PasswordHasher } from "@customer-service/core"
import { Effect, Layer, Redacted } from "effect"
import { newArgon2Hashes } from "./passwords/argon2.ts"
import { newBcryptHashes } from "./passwords/bcrypt.ts"
import * as HashingQueue from "./passwords/HashingQueue.ts"
import type { NewHashes } from "./passwords/PasswordScheme.ts"
import { readHash } from "./passwords/schemes.ts"

export interface PasswordSettings {
  /** What new hashes are made with; every kind that is understood is still verified. */
  readonly algorithm: "argon2id" | "bcrypt"
  /** The cost of new bcrypt hashes, 4 to 15: each step doubles the time. */
  readonly bcryptCost?: number | undefined
  /** How many passwords wait to be hashed at most, fewer where they are slow; one more fails with `HasherBusy`. */
  readonly mostWaiting?: number | undefined
}

const unreadable: PasswordHasher.Verdict = { matches: false, outdated: true }

/** Compares; whatever the outcome, the work of a new hash is part of it. */
const compare = async (newHashes: NewHashes, password: string, hash: string | undefined) => {
  const stored = hash === undefined ? undefined : readHash(hash)
  if (hash === undefined || stored === undefined) {
    await newHashes.hash(password)
    return unreadable
  }
  const outdated = !newHashes.isLike(hash)
  const matches = await stored.matches(password)
  // A right password is hashed anew where its hash is outdated; a wrong one takes as long.
  if (outdated && !matches) await newHashes.hash(password)
  return { matches, outdated }
}

/**
 * Hashes and verifies passwords outside the main thread. New hashes are argon2id with OWASP's parameters, or bcrypt
 * over an HMAC of the password, so that what follows the 72nd byte counts. Verified are argon2, both forms of bcrypt,
 * and nothing that would cost more than a bound.
 */
export const layer = ({
  algorithm,
  bcryptCost = 12,
  mostWaiting = 256
}: PasswordSettings): Layer.Layer<PasswordHasher.PasswordHasher> =>
  Layer.effect(
    PasswordHasher.PasswordHasher,
    Effect.map(HashingQueue.make(mostWaiting), (queued) => {
      const newHashes = algorithm === "bcrypt" ? newBcryptHashes(bcryptCost) : newArgon2Hashes
      return PasswordHasher.PasswordHasher.of({
        hash: (password) => queued(() => newHashes.hash(Redacted.value(password))),
        verify: (password, hash) => queued(() => compare(newHashes, Redacted.value(password), hash))
      })
    })
  )
