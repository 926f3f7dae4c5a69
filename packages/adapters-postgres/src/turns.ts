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

  return <A, E, R>(key: K, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const turns = join(key)
      const leave = Effect.sync(() => {
        turns.takers -= 1
        if (turns.takers === 0) byKey.delete(key)
      })
      return Effect.ensuring(turns.semaphore.withPermits(1)(effect), leave)
    })
}
