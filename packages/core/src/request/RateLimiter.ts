import { Clock, Context, Effect, Layer } from "effect"

/**
 * How a caller stands with her limit: `remaining` calls for `resetSeconds` more seconds. One who was refused is let
 * through again after that time, if she waits.
 */
export interface RateLimitState {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** One minute: the window that all limits are counted over. */
export const windowMillis = 60_000

/** Milliseconds until a call that is refused now will be let through. */
const untilAllowed = (current: number, previous: number, elapsed: number, limit: number): number => {
  const room = limit - 1 - current
  // Calls of the window before weigh less and less. Those of the running one do so only after its end.
  return room >= 0
    ? windowMillis * (1 - room / previous) - elapsed
    : windowMillis * (2 - (limit - 1) / current) - elapsed
}

/**
 * The sliding window over two fixed buckets: the running one, and the one before it weighted by the part of it
 * that the last minute still covers. `current` and `previous` are counts without this call; `elapsed` is the
 * time since the running bucket began, in milliseconds.
 */
export const assess = (current: number, previous: number, elapsed: number, limit: number): RateLimitState => {
  const used = current + previous * (1 - elapsed / windowMillis)
  const allowed = used + 1 <= limit
  const wait = allowed ? windowMillis - elapsed : untilAllowed(current, previous, elapsed, limit)
  return {
    allowed,
    limit,
    remaining: Math.max(0, Math.floor(limit - used - (allowed ? 1 : 0))),
    resetSeconds: Math.max(1, Math.ceil(wait / 1000))
  }
}

/**
 * Counts calls by key over a sliding minute.
 *
 * MUSTs, each with a contract test of the same wording:
 * - lets exactly the limit through in one window, also of concurrent calls
 * - keys do not count for each other
 * - a call that is refused does not count
 * - half a window later half of the calls before weigh
 */
export class RateLimiter extends Context.Service<
  RateLimiter,
  {
    readonly consume: (key: string, limit: number) => Effect.Effect<RateLimitState>
  }
>()("@customer-service/core/RateLimiter") {}

interface Bucket {
  window: number
  current: number
  previous: number
}

const capacity = 100_000

/** Counts in this process's memory; past 100,000 keys in a window the oldest is forgotten. */
export const layerMemory = Layer.effect(
  RateLimiter,
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const buckets = new Map<string, Bucket>()

    const bucketOf = (key: string, window: number): Bucket => {
      const bucket = buckets.get(key)
      if (bucket === undefined) {
        const oldest = buckets.size >= capacity ? buckets.keys().next().value : undefined
        if (oldest !== undefined) buckets.delete(oldest)
        const fresh = { window, current: 0, previous: 0 }
        buckets.set(key, fresh)
        return fresh
      }
      if (bucket.window !== window) {
        bucket.previous = bucket.window === window - 1 ? bucket.current : 0
        bucket.current = 0
        bucket.window = window
      }
      return bucket
    }

    return RateLimiter.of({
      consume: (key, limit) =>
        Effect.sync(() => {
          const now = clock.currentTimeMillisUnsafe()
          const bucket = bucketOf(key, Math.floor(now / windowMillis))
          const state = assess(bucket.current, bucket.previous, now % windowMillis, limit)
          if (state.allowed) bucket.current += 1
          return state
        })
    })
  })
)
