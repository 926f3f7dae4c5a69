import { Effect, Exit, Metric, Option } from "effect"
import type { CacheUnavailable, CustomerCache } from "./CustomerCache.ts"
import type { StorageUnavailable } from "./CustomerErrors.ts"
import { CustomerId } from "./CustomerId.ts"

const failures = Metric.counter("customer_cache_failures_total", {
  description: "Calls to the customer cache that got no answer"
})

/** How often a cache that failed is tried again. */
const probeInterval = "500 millis"

/** Beyond this many puts owed, the cache is emptied before it is trusted again instead of being caught up. */
const mostOwed = 100_000

/** Nobody's id: what is asked for to see whether the cache answers. */
const nobody = CustomerId.make("00000000-0000-0000-0000-000000000000")

/**
 * Goes on without the cache while it does not answer, and does not trust it again before every customer
 * written meanwhile has been put into it: what it held from before the failure may be old.
 *
 * `reput` loads a customer from the store and puts her. After the cache has caught up it is watched for one
 * more interval, so that other processes have paid what they owe too.
 */
export const make = Effect.fnUntraced(function* (
  cache: CustomerCache["Service"],
  reput: (id: CustomerId) => Effect.Effect<void, CacheUnavailable | StorageUnavailable>
) {
  const scope = yield* Effect.scope
  const owed = new Set<CustomerId>()
  let overflowed = false
  let trusted = true

  const catchUp = Effect.gen(function* () {
    yield* cache.get(nobody)
    if (overflowed) {
      yield* cache.clear
      overflowed = false
    }
    for (const id of owed) {
      owed.delete(id)
      yield* Effect.tapCause(reput(id), () => Effect.sync(() => owed.add(id)))
    }
  })

  const recover = Effect.gen(function* () {
    while (!trusted) {
      yield* Effect.sleep(probeInterval)
      const caughtUp = yield* Effect.exit(Effect.andThen(catchUp, Effect.andThen(Effect.sleep(probeInterval), catchUp)))
      if (Exit.isSuccess(caughtUp) && owed.size === 0 && !overflowed) trusted = true
    }
    yield* Effect.logInfo("The customer cache answers again and has caught up")
  })

  const distrust = Effect.gen(function* () {
    yield* Metric.update(failures, 1)
    if (!trusted) return
    trusted = false
    yield* Effect.logWarning("The customer cache does not answer; customers are read from the database meanwhile")
    yield* Effect.forkIn(recover, scope)
  })

  /** Notes that the cache lacks this customer's newest version. */
  const owe = (id: CustomerId) => {
    if (owed.size >= mostOwed) {
      owed.clear()
      overflowed = true
    }
    if (!overflowed) owed.add(id)
  }

  return {
    isTrusted: () => trusted,
    /** The answer of a read; none where the cache is not trusted or does not answer. */
    read: <A>(effect: Effect.Effect<Option.Option<A>, CacheUnavailable>): Effect.Effect<Option.Option<A>> =>
      Effect.suspend(() =>
        trusted ? Effect.catch(effect, () => Effect.as(distrust, Option.none<A>())) : Effect.succeed(Option.none<A>())
      ),
    /** Runs a put that nobody will miss: without trust it is left out, and a failure is noted. */
    attempt: (effect: Effect.Effect<void, CacheUnavailable>): Effect.Effect<void> =>
      Effect.suspend(() => (trusted ? Effect.catch(effect, () => distrust) : Effect.void)),
    /** Runs a put of this customer; one that fails is owed. */
    write: (id: CustomerId, effect: Effect.Effect<void, CacheUnavailable>): Effect.Effect<void> =>
      Effect.suspend(() => {
        if (trusted) {
          return Effect.catch(effect, () => {
            owe(id)
            return distrust
          })
        }
        owe(id)
        return Effect.void
      })
  }
})
