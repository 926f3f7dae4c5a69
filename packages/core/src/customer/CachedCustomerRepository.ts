import { Context, Deferred, Effect, Layer, Metric, Option, Schema, Struct } from "effect"
import { CacheUpkeep, type ReachedVersion } from "./CacheUpkeep.ts"
import { type CachedCustomer, CustomerCache, type Tombstone } from "./CustomerCache.ts"
import { type Customer, Customer as CustomerSchema } from "./Customer.ts"
import { CustomerDocuments, renderDocument } from "./CustomerDocuments.ts"
import { CustomerNotFound, StorageUnavailable } from "./CustomerErrors.ts"
import type { CustomerId } from "./CustomerId.ts"
import { CustomerRepository } from "./CustomerRepository.ts"
import * as CacheTrust from "./CacheTrust.ts"

const hits = Metric.counter("customer_cache_hits_total", { description: "Customer reads answered from the cache" })
const misses = Metric.counter("customer_cache_misses_total", {
  description: "Customer reads that went to the database"
})

const Addresses = CustomerSchema.mapFields(Struct.pick(["addresses"])).fields.addresses
const encodeAddresses = Schema.encodeSync(Addresses, { disableChecks: true })
const decodeCustomer = Schema.decodeUnknownSync(CustomerSchema, { disableChecks: true })

const toCached = (customer: Customer): CachedCustomer => ({
  ...renderDocument(customer),
  addresses: JSON.stringify(encodeAddresses(customer.addresses))
})

/** None where another version of this service has put what this one cannot read. */
const fromCached = Option.liftThrowable((cached: CachedCustomer): Customer =>
  decodeCustomer({ ...JSON.parse(cached.json), addresses: JSON.parse(cached.addresses) })
)

const customerIn = (entry: CachedCustomer | Tombstone): Option.Option<Customer> =>
  entry.json === undefined ? Option.none() : fromCached(entry)

const isClosed = (customer: Customer): boolean => customer.status === "inactive"

const entryOf = (customer: Customer): CachedCustomer | Tombstone =>
  isClosed(customer) ? { version: customer.version, json: undefined } : toCached(customer)

const make = Effect.gen(function* () {
  const inner = yield* CustomerRepository
  const cache = yield* CustomerCache
  const trust = yield* CacheTrust.make(cache, (id) =>
    inner.get(id).pipe(
      Effect.flatMap((customer) => cache.put(id, entryOf(customer))),
      Effect.catchTag("CustomerNotFound", () => Effect.void)
    )
  )
  const loading = new Map<CustomerId, Deferred.Deferred<Customer, CustomerNotFound | StorageUnavailable>>()

  const put = (customer: Customer) => trust.write(customer.id, cache.put(customer.id, entryOf(customer)))

  const putWritten = (customer: Customer) => {
    // Whoever comes after this write must not be handed a load that began before it.
    loading.delete(customer.id)
    return Effect.as(put(customer), customer)
  }

  /** Loads a customer that the cache lacks; those who ask meanwhile share the one load. */
  const load = (id: CustomerId) =>
    Effect.suspend(() => {
      // Without the cache nothing tells whether a shared load is older than a write elsewhere.
      if (!trust.trusts(id)) return inner.get(id)
      const underWay = loading.get(id)
      if (underWay !== undefined) return Deferred.await(underWay)
      const deferred = Deferred.makeUnsafe<Customer, CustomerNotFound | StorageUnavailable>()
      loading.set(id, deferred)
      const isNewest = () => loading.get(id) === deferred
      const loaded = Effect.tap(inner.get(id), (customer) =>
        trust.trusts(id) && isNewest() ? put(customer) : Effect.void
      )
      const done = Effect.sync(() => {
        if (isNewest()) loading.delete(id)
      })
      const run = Effect.ensuring(Deferred.into(loaded, deferred), done)
      return Effect.andThen(Effect.forkDetach(run, { startImmediately: true }), Deferred.await(deferred))
    })

  const repository = CustomerRepository.of({
    ...inner,
    get: Effect.fnUntraced(function* (id) {
      const cached = Option.flatMap(yield* trust.read(id, cache.get(id)), customerIn)
      if (Option.isSome(cached)) {
        yield* Metric.update(hits, 1)
        return cached.value
      }
      yield* Metric.update(misses, 1)
      return yield* load(id)
    }),
    findByLegacyId: Effect.fnUntraced(function* (legacyId) {
      const cached = yield* trust.readLasting(cache.findByLegacyId(legacyId))
      if (Option.isSome(cached)) return cached
      const found = yield* inner.findByLegacyId(legacyId)
      if (Option.isSome(found)) yield* trust.attempt(cache.putLegacyId(legacyId, found.value))
      return found
    }),
    // A caller who hangs up must not part a commit from its put: the cache would keep the old version.
    insert: (change, once) => Effect.uninterruptible(Effect.flatMap(inner.insert(change, once), putWritten)),
    modify: (id, decide, once) =>
      inner.modify(id, decide, once).pipe(
        Effect.tapError((error) => (error instanceof StorageUnavailable ? trust.doubt(id) : Effect.void)),
        Effect.flatMap(putWritten),
        Effect.uninterruptible
      )
  })

  const documents = CustomerDocuments.of({
    find: Effect.fnUntraced(function* (id) {
      const cached = yield* trust.read(id, cache.getDocument(id))
      if (Option.isSome(cached)) {
        yield* Metric.update(hits, 1)
        if (cached.value.json === undefined) return yield* new CustomerNotFound({ customerId: id })
        return cached.value
      }
      yield* Metric.update(misses, 1)
      const customer = yield* load(id)
      if (isClosed(customer)) return yield* new CustomerNotFound({ customerId: id })
      return renderDocument(customer)
    })
  })

  /** Loads her and puts her again. As long as that fails, the cache is not asked about her. */
  const reload = ({ customerId, version }: ReachedVersion) =>
    inner.get(customerId).pipe(
      Effect.flatMap(putWritten),
      Effect.catchTag("CustomerNotFound", () =>
        trust.write(customerId, cache.put(customerId, { version, json: undefined }))
      ),
      Effect.catchCause(() => trust.doubt(customerId))
    )

  /** Whoever is not in the cache is loaded from the database when she is asked for. */
  const catchUp = Effect.fnUntraced(function* (reached: ReadonlyArray<ReachedVersion>) {
    const versions = yield* cache.findVersions(reached.map(({ customerId }) => customerId))
    const isBehind = ({ customerId, version }: ReachedVersion) => (versions.get(customerId) ?? version) < version
    yield* Effect.forEach(reached.filter(isBehind), reload, { concurrency: 4, discard: true })
  })

  const upkeep = CacheUpkeep.of({
    note: (customers) => Effect.forEach(customers, putWritten, { concurrency: "unbounded", discard: true }),
    catchUp: (reached) =>
      trust.writeAll(
        reached.map(({ customerId }) => customerId),
        catchUp(reached)
      )
  })

  return Context.make(CustomerRepository, repository).pipe(
    Context.add(CustomerDocuments, documents),
    Context.add(CacheUpkeep, upkeep)
  )
})

/**
 * The repository behind a cache: reads by id come from the cache, writes go through to it after their
 * commit. It passes the repository's own contract. Also provides {@link CustomerDocuments} from the same cache.
 */
export const layer: Layer.Layer<CustomerRepository | CustomerDocuments, never, CustomerRepository | CustomerCache> =
  Layer.effectContext(make)
