import { StorageUnavailable } from "@customer-service/core"
import { Effect } from "effect"

/** How long a caller waits for the database, in milliseconds. */
const patience = 5000

const startTimer = (onEnd: () => void): (() => void) => {
  const timer = setTimeout(onEnd, patience)
  return () => clearTimeout(timer)
}

/**
 * Fails with `StorageUnavailable` where no answer comes within 5 seconds: a server that hangs does not even refuse.
 * What was under way is interrupted in the background, since undoing it may have to wait for the same server.
 */
export const withinPatience = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | StorageUnavailable, R> =>
  Effect.flatMap(Effect.context<R>(), (context) =>
    Effect.callback<A, E | StorageUnavailable>((resume) => {
      const fiber = Effect.runForkWith(context)(effect)
      const stopTimer = startTimer(() => {
        resume(Effect.fail(new StorageUnavailable()))
        fiber.interruptUnsafe()
      })
      fiber.addObserver((exit) => {
        stopTimer()
        resume(exit)
      })
      return Effect.sync(() => {
        stopTimer()
        fiber.interruptUnsafe()
      })
    })
  )
