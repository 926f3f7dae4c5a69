import { Clock, Effect, Exit, Metric, Option } from "effect"
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

/**
 * How long a write that got no answer may still happen, in milliseconds. The store has given it up by then: its
 * statement may have waited for others before it, and then for a lock.
 */
const openMillis = 60_000

interface Debt {
  /** Until then a write may still happen, and she is not trusted even though she was put. */
  readonly openUntil: number
  wasPut: boolean
  wasUnreadable: boolean
}

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
  const clock = yield* Clock.Clock
  /** Who is to be put again; a newer debt takes the place of the one before. */
  const owed = new Map<CustomerId, Debt>()
  let overflowed = false
  let trusted = true
  let settling = false

  const empty = Effect.suspend(() => {
    // What is written while it is being emptied is owed from here on.
    overflowed = false
    const notEmptied = Effect.sync(() => {
      overflowed = true
    })
    return Effect.tapCause(cache.clear, () => notEmptied)
  })

  /** Puts her again. One whose row cannot be read stays owed, and keeps nobody else from being caught up. */
  const isReadable = (id: CustomerId, debt: Debt) =>
    Effect.as(reput(id), true).pipe(
      Effect.catchDefect(() => {
        const isNews = !debt.wasUnreadable
        debt.wasUnreadable = true
        const told = Effect.annotateLogs(Effect.logError("A customer cannot be read, nor cached"), { customerId: id })
        return Effect.as(Effect.when(told, Effect.succeed(isNews)), false)
      })
    )

  const catchUp = Effect.gen(function* () {
    yield* cache.get(nobody)
    if (overflowed) yield* empty
    for (const [id, debt] of owed) {
      const isClosed = debt.openUntil <= clock.currentTimeMillisUnsafe()
      if (debt.wasPut && !isClosed) continue
      if (!(yield* isReadable(id, debt))) continue
      debt.wasPut = true
      if (isClosed && owed.get(id) === debt) owed.delete(id)
    }
  })

  const isSettled = () => trusted && owed.size === 0 && !overflowed

  const settle = Effect.gen(function* () {
    while (!isSettled()) {
      yield* Effect.sleep(probeInterval)
      const caughtUp = yield* Effect.exit(catchUp)
      if (trusted || Exit.isFailure(caughtUp)) continue
      yield* Effect.sleep(probeInterval)
      // Whoever is owed since then is not trusted, which is no reason to go on without all the others.
      trusted = Exit.isSuccess(yield* Effect.exit(catchUp)) && !overflowed
      if (trusted) yield* Effect.logInfo("The customer cache answers again and has caught up")
    }
    // In the same step as the last look: whoever owes something from here on starts the next.
    settling = false
  })

  /** Sees to what is owed, until nothing is; one at a time. */
  const startSettling = Effect.suspend(() => {
    if (settling) return Effect.void
    settling = true
    return Effect.forkIn(settle, scope)
  })

  /** A caller who hangs up meanwhile must not keep the cache from being trusted again. */
  const distrust = Effect.uninterruptible(
    Effect.gen(function* () {
      yield* Metric.update(failures, 1)
      if (!trusted) return
      trusted = false
      yield* Effect.logWarning("The customer cache does not answer; customers are read from the database meanwhile")
      yield* startSettling
    })
  )

  /** Notes that the cache lacks this customer's newest version. */
  const owe = (id: CustomerId, openUntil = 0) => {
    if (owed.size >= mostOwed) {
      owed.clear()
      overflowed = true
    }
    const before = owed.get(id)?.openUntil ?? 0
    if (!overflowed) owed.set(id, { openUntil: Math.max(openUntil, before), wasPut: false, wasUnreadable: false })
  }

  const trusts = (id: CustomerId): boolean => trusted && !overflowed && !owed.has(id)

  const writeAll = (
    ids: ReadonlyArray<CustomerId>,
    effect: Effect.Effect<void, CacheUnavailable>
  ): Effect.Effect<void> =>
    Effect.suspend(() => {
      const oweAll = () => ids.forEach((id) => owe(id))
      if (!trusted) return Effect.sync(oweAll)
      return Effect.catch(effect, () => Effect.andThen(Effect.sync(oweAll), distrust))
    })

  const orNone = <A>(effect: Effect.Effect<Option.Option<A>, CacheUnavailable>): Effect.Effect<Option.Option<A>> =>
    Effect.catch(effect, () => Effect.as(distrust, Option.none<A>()))

  return {
    /** Whether the cache may be asked about this customer. */
    trusts,
    /** What the cache says of this customer; none where it is not trusted or does not answer. */
    read: <A>(id: CustomerId, effect: Effect.Effect<Option.Option<A>, CacheUnavailable>) =>
      Effect.suspend(() => (trusts(id) ? orNone(effect) : Effect.succeed(Option.none<A>()))),
    /** The answer of a read that never grows old; none where the cache is not trusted or does not answer. */
    readLasting: <A>(effect: Effect.Effect<Option.Option<A>, CacheUnavailable>) =>
      Effect.suspend(() => (trusted ? orNone(effect) : Effect.succeed(Option.none<A>()))),
    /** Runs a put that nobody will miss: without trust it is left out, and a failure is noted. */
    attempt: (effect: Effect.Effect<void, CacheUnavailable>): Effect.Effect<void> =>
      Effect.suspend(() => (trusted ? Effect.catch(effect, () => distrust) : Effect.void)),
    /** Runs a put of this customer; one that fails is owed. */
    write: (id: CustomerId, effect: Effect.Effect<void, CacheUnavailable>): Effect.Effect<void> =>
      writeAll([id], effect),
    /** Runs puts of these customers; where they fail all of them are owed. */
    writeAll,
    /**
     * A write of this customer may have happened, or may happen yet: the cache is told at once how she is, and not
     * asked about her until nothing can happen any more.
     */
    doubt: (id: CustomerId): Effect.Effect<void> =>
      Effect.suspend(() => {
        owe(id, clock.currentTimeMillisUnsafe() + openMillis)
        return Effect.asVoid(startSettling)
      })
  }
})
