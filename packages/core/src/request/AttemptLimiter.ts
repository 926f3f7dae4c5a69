import { Clock, Context, Effect, Layer, Schema } from "effect"

/**
 * How many attempts are let through: `most` in `windowSeconds` from the first. Once they are used up nothing is let
 * through until the window ends, or for `penaltySeconds` from the last where that is given.
 */
export interface AttemptLimit {
  readonly most: number
  readonly windowSeconds: number
  readonly penaltySeconds?: number | undefined
}

/** Whether an attempt may be made; one that may not can be tried again after `retryAfterSeconds`. */
export interface AttemptState {
  readonly allowed: boolean
  readonly retryAfterSeconds: number
}

/** Too many attempts failed; another may be made after `retryAfterSeconds`. */
export class TooManyAttempts extends Schema.TaggedError<TooManyAttempts>()("TooManyAttempts", {
  retryAfterSeconds: Schema.Int
}) {}

/**
 * Counts attempts that may fail, such as logins. An attempt is counted before it is made, so that a thousand at once
 * are not a thousand guesses; one that did not fail is given back.
 *
 * MUSTs, each with a contract test of the same wording:
 * - lets exactly the limit through, also of concurrent attempts
 * - says after how many seconds another attempt may be made, and lets it through then
 * - an attempt that is refused does not prolong the wait
 * - an attempt that was given back does not count
 * - keys that were forgotten start anew
 * - keys do not count for each other
 */
export class AttemptLimiter extends Context.Service<
  AttemptLimiter,
  {
    readonly take: (key: string, limit: AttemptLimit) => Effect.Effect<AttemptState>
    readonly giveBack: (key: string) => Effect.Effect<void>
    readonly forget: (key: string) => Effect.Effect<void>
  }
>()("@customer-service/core/AttemptLimiter") {}

interface Count {
  taken: number
  until: number
}

const capacity = 100_000

/** Counts in this process's memory; past 100,000 keys the oldest is forgotten. */
export const layerMemory: Layer.Layer<AttemptLimiter> = Layer.effect(
  AttemptLimiter,
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const counts = new Map<string, Count>()

    const countOf = (key: string, now: number, limit: AttemptLimit): Count => {
      const present = counts.get(key)
      if (present !== undefined && present.until > now) return present
      counts.delete(key)
      const oldest = counts.size >= capacity ? counts.keys().next().value : undefined
      if (oldest !== undefined) counts.delete(oldest)
      const fresh = { taken: 0, until: now + limit.windowSeconds * 1000 }
      counts.set(key, fresh)
      return fresh
    }

    return AttemptLimiter.of({
      take: (key, limit) =>
        Effect.sync(() => {
          const now = clock.currentTimeMillisUnsafe()
          const count = countOf(key, now, limit)
          const allowed = count.taken < limit.most
          if (allowed) {
            count.taken += 1
            if (count.taken === limit.most && limit.penaltySeconds !== undefined) {
              count.until = now + limit.penaltySeconds * 1000
            }
          }
          return { allowed, retryAfterSeconds: Math.max(1, Math.ceil((count.until - now) / 1000)) }
        }),
      giveBack: (key) =>
        Effect.sync(() => {
          const count = counts.get(key)
          if (count !== undefined && count.taken > 0) count.taken -= 1
        }),
      forget: (key) => Effect.sync(() => void counts.delete(key))
    })
  })
)

/** Takes one attempt under each key, or none and fails with `TooManyAttempts` where one of them has none left. */
export const takeAll = Effect.fnUntraced(function* (attempts: ReadonlyArray<readonly [string, AttemptLimit]>) {
  const limiter = yield* AttemptLimiter
  const take = ([key, limit]: readonly [string, AttemptLimit]) =>
    Effect.map(limiter.take(key, limit), (state) => ({ key, ...state }))
  const states = yield* Effect.forEach(attempts, take, { concurrency: "unbounded" })
  const refused = states.filter(({ allowed }) => !allowed)
  if (refused.length === 0) return
  yield* Effect.forEach(
    states.filter(({ allowed }) => allowed),
    ({ key }) => limiter.giveBack(key),
    { discard: true }
  )
  return yield* new TooManyAttempts({
    retryAfterSeconds: Math.max(...refused.map(({ retryAfterSeconds }) => retryAfterSeconds))
  })
})
