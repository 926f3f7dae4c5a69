import { PasswordHasher } from "@customer-service/core"
import { Effect, Layer, type Redacted, Semaphore } from "effect"
import { availableParallelism } from "node:os"
import { argon2 } from "./passwords/argon2.ts"
import { bcrypt, bcryptSha256 } from "./passwords/bcrypt.ts"
import type { HashingScheme, PasswordScheme } from "./passwords/PasswordScheme.ts"

/** How new passwords are hashed, and how many may wait for it. */
export interface PasswordHashingOptions {
  readonly algorithm: "argon2id" | "bcrypt"
  readonly bcryptCost: number
  readonly mostWaiting: number
}

/** Hashing runs on libuv's four threads. Signatures and DNS need one as well, and must not wait for passwords. */
const mostThreads = 3

/** One core is left to the requests that need no hash, where there is more than one. */
const threads = Math.min(Math.max(1, availableParallelism() - 1), mostThreads)

const make = ({ algorithm, bcryptCost, mostWaiting }: PasswordHashingOptions) => {
  const sealed = bcryptSha256(bcryptCost)
  const current: HashingScheme = algorithm === "bcrypt" ? sealed : argon2
  const schemes: ReadonlyArray<PasswordScheme> = [argon2, sealed, bcrypt]
  const semaphore = Semaphore.makeUnsafe(threads)
  let waiting = 0

  /** Takes its turn on a thread; beyond the bound nobody is kept waiting. */
  const inTurn = <A>(work: () => Promise<A>): Effect.Effect<A, PasswordHasher.HasherBusy> =>
    Effect.suspend(() => {
      if (waiting >= mostWaiting + threads) return Effect.fail(new PasswordHasher.HasherBusy())
      waiting += 1
      const done = Effect.sync(() => {
        waiting -= 1
      })
      return Effect.ensuring(semaphore.withPermit(Effect.promise(work)), done)
    })

  const noMatch = { matches: false, outdated: false }

  return PasswordHasher.PasswordHasher.of({
    hash: (password) => inTurn(() => current.hash(password)),
    verify: (password: Redacted.Redacted, stored = "") => {
      const scheme = schemes.find(({ recognises }) => recognises(stored))
      if (scheme === undefined || !scheme.isComputable(stored)) {
        return Effect.as(
          inTurn(() => current.hash(password)),
          noMatch
        )
      }
      const outdated = scheme !== current || !current.isCurrent(stored)
      return Effect.map(
        inTurn(() => scheme.verify(password, stored)),
        (matches) => ({ matches, outdated })
      )
    }
  })
}

/**
 * Hashes passwords outside the main thread, on all cores but one and at most three at once; the others wait their
 * turn. argon2id takes 19 MiB and 10 to 30 ms of one core.
 */
export const layer = (options: PasswordHashingOptions): Layer.Layer<PasswordHasher.PasswordHasher> =>
  Layer.sync(PasswordHasher.PasswordHasher, () => make(options))
