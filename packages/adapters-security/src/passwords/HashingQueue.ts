import { availableParallelism } from "node:os"
import { PasswordHasher } from "@customer-service/core"
import { Effect, Semaphore } from "effect"

/** Hashing runs on libuv's four threads. Signatures and DNS need one as well, and must not wait for passwords. */
const mostThreads = 3

/** One core is left to the requests that need no hash, where there is more than one. */
const threads = Math.min(Math.max(1, availableParallelism() - 1), mostThreads)

/**
 * Runs work in other threads: one core stays free, no more than three run at once, and at most `mostWaiting` wait for
 * their turn. One more fails with `HasherBusy` at once.
 */
export const make = Effect.fnUntraced(function* (mostWaiting: number) {
  const semaphore = yield* Semaphore.make(threads)
  let present = 0

  const enter = Effect.suspend(() => {
    if (present >= threads + mostWaiting) return Effect.fail(new PasswordHasher.HasherBusy())
    present += 1
    return Effect.void
  })
  const leave = Effect.sync(() => {
    present -= 1
  })

  // A thread that has begun goes on to the end, though nobody waits for it any more: its place is not free before.
  return <A>(work: () => Promise<A>): Effect.Effect<A, PasswordHasher.HasherBusy> =>
    Effect.acquireUseRelease(
      enter,
      () => semaphore.withPermit(Effect.uninterruptible(Effect.promise(work))),
      () => leave
    )
})
