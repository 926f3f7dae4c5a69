import { Effect, Semaphore } from "effect"

interface Turns {
  readonly semaphore: Semaphore.Semaphore
  takers: number
}

/**
 * Lets the effects of one key run one after the other, within this process. Writers of one customer would otherwise
 * find out by their failure that another was first, and start again.
 */
export const makeTurns = <K>() => {
  const byKey = new Map<K, Turns>()

  const join = (key: K): Turns => {
    const present = byKey.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), takers: 0 }
    byKey.set(key, present)
    present.takers += 1
    return present
  }

  const leave = (key: K, turns: Turns): void => {
    turns.takers -= 1
    if (turns.takers === 0) byKey.delete(key)
  }

  return <A, E, R>(key: K, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => join(key)),
      (turns) => turns.semaphore.withPermits(1)(effect),
      (turns) => Effect.sync(() => leave(key, turns))
    )
}
