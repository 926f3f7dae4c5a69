import { Clock, Context, Effect, Layer, Option, Schema } from "effect"
import type { DocumentText } from "./CustomerDocuments.ts"
import type { CustomerId, LegacyId } from "./CustomerId.ts"

/** The cache did not answer; the caller goes on without it. */
export class CacheUnavailable extends Schema.TaggedError<CacheUnavailable>()("CacheUnavailable", {}) {}

/** What stands in the cache for a closed account: that she is closed, and since which version. */
export interface Tombstone {
  readonly version: number
  readonly json: undefined
}

/** A customer in the cache: her document and her addresses, both as JSON text of the same version. */
export interface CachedCustomer extends DocumentText {
  readonly addresses: string
}

/**
 * Keeps customers near. Everything in it can be lost at any moment; nothing in it may be older than the
 * newest version that was ever put.
 *
 * MUSTs, each with a contract test of the same wording:
 * - get gives what was put
 * - getDocument gives the document that was put
 * - a put of an older version changes nothing
 * - a tombstone replaces a customer, and no older version comes back over it
 * - a legacy id leads to the customer it was put for, until it is forgotten
 * - clear forgets every customer
 * - findVersions tells the version of whoever is there, tombstones too
 */
export class CustomerCache extends Context.Service<
  CustomerCache,
  {
    readonly get: (id: CustomerId) => Effect.Effect<Option.Option<CachedCustomer | Tombstone>, CacheUnavailable>
    readonly getDocument: (id: CustomerId) => Effect.Effect<Option.Option<DocumentText | Tombstone>, CacheUnavailable>
    readonly put: (id: CustomerId, customer: CachedCustomer | Tombstone) => Effect.Effect<void, CacheUnavailable>
    readonly findByLegacyId: (legacyId: LegacyId) => Effect.Effect<Option.Option<CustomerId>, CacheUnavailable>
    readonly putLegacyId: (legacyId: LegacyId, id: CustomerId) => Effect.Effect<void, CacheUnavailable>
    readonly forgetLegacyId: (legacyId: LegacyId) => Effect.Effect<void, CacheUnavailable>
    /** The versions at which these customers stand in the cache; those who do not are left out. */
    readonly findVersions: (
      ids: ReadonlyArray<CustomerId>
    ) => Effect.Effect<ReadonlyMap<CustomerId, number>, CacheUnavailable>
    readonly clear: Effect.Effect<void, CacheUnavailable>
  }
>()("@customer-service/core/CustomerCache") {}

interface Kept<A> {
  readonly value: A
  readonly expiresAt: number
}

/** How many entries {@link layerMemory} keeps of each kind, and for how long (milliseconds). */
export interface MemoryLimits {
  readonly capacity: number
  readonly timeToLive: number
}

/** A cache in this process's memory; past its capacity the entries put longest ago go first. */
export const layerMemory = ({ capacity, timeToLive }: MemoryLimits = { capacity: 10_000, timeToLive: 3_600_000 }) =>
  Layer.effect(
    CustomerCache,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const customers = new Map<CustomerId, Kept<CachedCustomer | Tombstone>>()
      const legacyIds = new Map<LegacyId, Kept<CustomerId>>()

      const lookUp = <K, A>(entries: Map<K, Kept<A>>, key: K): Option.Option<A> => {
        const kept = entries.get(key)
        return kept === undefined || kept.expiresAt <= clock.currentTimeMillisUnsafe()
          ? Option.none()
          : Option.some(kept.value)
      }

      const keep = <K, A>(entries: Map<K, Kept<A>>, key: K, value: A): void => {
        entries.delete(key)
        entries.set(key, { value, expiresAt: clock.currentTimeMillisUnsafe() + timeToLive })
        for (const oldest of entries.keys()) {
          if (entries.size <= capacity) break
          entries.delete(oldest)
        }
      }

      const get = (id: CustomerId) => Effect.sync(() => lookUp(customers, id))

      return CustomerCache.of({
        get,
        getDocument: get,
        put: (id, customer) =>
          Effect.sync(() => {
            const present = lookUp(customers, id)
            if (Option.isNone(present) || present.value.version < customer.version) keep(customers, id, customer)
          }),
        findByLegacyId: (legacyId) => Effect.sync(() => lookUp(legacyIds, legacyId)),
        putLegacyId: (legacyId, id) => Effect.sync(() => keep(legacyIds, legacyId, id)),
        forgetLegacyId: (legacyId) => Effect.sync(() => void legacyIds.delete(legacyId)),
        findVersions: (ids) =>
          Effect.sync(
            () =>
              new Map(
                ids.flatMap((id) =>
                  Option.match(lookUp(customers, id), { onNone: () => [], onSome: ({ version }) => [[id, version]] })
                )
              )
          ),
        clear: Effect.sync(() => customers.clear())
      })
    })
  )
