import { availableParallelism } from "node:os"
import { PasswordHasher } from "@customer-service/core"
import { Duration, Effect, Semaphore } from "effect"

/** Hashing runs on libuv's four threads. Signatures and DNS need one as well, and must not wait for passwords. */
const mostThreads = 3

/** One core is left to the requests that need no hash, where there is more than one. */
const threads = Math.min(Math.max(1, availableParallelism() - 1), mostThreads)

/**
 * Nobody is kept waiting longer: 256 hashes of bcrypt's cost 12 would take a minute, and whoever is at the end of
 * such a queue has gone long before her turn.
 */
const longestWaitMillis = 3000

/** How much the newest hash counts: about the last ten matter, so that one that was slow by chance soon does not. */
const weightOfNewest = 0.2

/** The moving average of how long a hash takes, in milliseconds; 0 before the first. */
const newAverage = () => {
  let average: number | undefined
  return {
    current: () => average ?? 0,
    add: (millis: number) => {
      average = average === undefined ? millis : average + (millis - average) * weightOfNewest
    }
  }
}

/**
 * Runs work in other threads: one core stays free, no more than three run at once, and at most `mostWaiting` wait for
 * their turn, none of them for more than about three seconds as the last hashes went. One more fails with `HasherBusy`
 * at once.
 */
export const make = Effect.fnUntraced(function* (mostWaiting: number) {
  const semaphore = yield* Semaphore.make(threads)
  const average = newAverage()
  let present = 0

  const enter = Effect.suspend(() => {
    const waiting = Math.max(0, present + 1 - threads)
    const wait = (waiting * average.current()) / threads
    if (waiting > mostWaiting || wait > longestWaitMillis) return Effect.fail(new PasswordHasher.HasherBusy())
    present += 1
    return Effect.void
  })
  const leave = Effect.sync(() => {
    present -= 1
  })

  const measured = <A>(work: () => Promise<A>) =>
    Effect.map(Effect.timed(Effect.promise(work)), ([took, done]) => {
      average.add(Duration.toMillis(took))
      return done
    })

  // A thread that has begun goes on to the end, though nobody waits for it any more: its place is not free before.
  return <A>(work: () => Promise<A>): Effect.Effect<A, PasswordHasher.HasherBusy> =>
    Effect.acquireUseRelease(
      enter,
      () => semaphore.withPermit(Effect.uninterruptible(measured(work))),
      () => leave
    )
})
