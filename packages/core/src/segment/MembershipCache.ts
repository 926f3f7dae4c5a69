import { Clock, Context, Effect, Layer, Option } from "effect"
import { CacheUnavailable } from "../customer/CustomerCache.ts"
import type { CustomerId } from "../customer/CustomerId.ts"

/** Memberships of a customer as JSON text, and what has to be as it was then for them to hold. */
export interface CachedMemberships {
  /** The version that she had when they were looked at. */
  readonly version: number
  /** The segments' revision then. */
  readonly revision: number
  /** When time may move her next, in milliseconds since the epoch. */
  readonly until?: number | undefined
  readonly json: string
}

/**
 * Keeps memberships near. Everything in it can be lost at any moment.
 *
 * MUSTs, each with a contract test of the same wording:
 * - get gives what was put
 * - a put of an older version, or of an older revision at the same version, changes nothing
 * - forget takes out what is there
 */
export class MembershipCache extends Context.Service<
  MembershipCache,
  {
    readonly get: (id: CustomerId) => Effect.Effect<Option.Option<CachedMemberships>, CacheUnavailable>
    readonly put: (id: CustomerId, memberships: CachedMemberships) => Effect.Effect<void, CacheUnavailable>
    readonly forget: (id: CustomerId) => Effect.Effect<void, CacheUnavailable>
  }
>()("@customer-service/core/MembershipCache") {}

/** What an erased customer leaves: nobody forgets it, so that no slow reader brings back what was there. */
export const noMemberships = "[]"

const isNewer = (present: CachedMemberships, wanted: CachedMemberships): boolean =>
  present.version > wanted.version || (present.version === wanted.version && present.revision > wanted.revision)

/** How many entries {@link layerMemory} keeps, and for how long (milliseconds). */
export interface MemoryLimits {
  readonly capacity: number
  readonly timeToLive: number
}

interface Kept {
  readonly memberships: CachedMemberships
  readonly expiresAt: number
}

/** A cache in this process's memory; past its capacity the entries put longest ago go first. */
export const layerMemory = ({ capacity, timeToLive }: MemoryLimits = { capacity: 10_000, timeToLive: 1_800_000 }) =>
  Layer.effect(
    MembershipCache,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const entries = new Map<CustomerId, Kept>()
      const lookUp = (id: CustomerId): CachedMemberships | undefined => {
        const kept = entries.get(id)
        return kept === undefined || kept.expiresAt <= clock.currentTimeMillisUnsafe() ? undefined : kept.memberships
      }
      return MembershipCache.of({
        get: (id) => Effect.sync(() => Option.fromNullishOr(lookUp(id))),
        put: (id, memberships) =>
          Effect.sync(() => {
            const present = lookUp(id)
            if (present !== undefined && isNewer(present, memberships)) return
            entries.delete(id)
            entries.set(id, { memberships, expiresAt: clock.currentTimeMillisUnsafe() + timeToLive })
            for (const oldest of entries.keys()) {
              if (entries.size <= capacity) break
              entries.delete(oldest)
            }
          }),
        forget: (id) =>
          Effect.sync(() => {
            if (lookUp(id)?.json !== noMemberships) entries.delete(id)
          })
      })
    })
  )
