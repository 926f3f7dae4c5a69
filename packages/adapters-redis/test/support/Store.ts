import {
  CachedCustomerRepository,
  type Customer,
  type CustomerCache,
  CustomerDecisions,
  CustomerDocuments,
  type CustomerId,
  CustomerRepository
} from "@customer-service/core"
import { circumstances, registration, StoredFacts } from "@customer-service/core/testing"
import { Context, Effect, Layer, Logger, Metric } from "effect"
import { SecureRandom } from "effect/crypto"

const memory = CustomerRepository.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** What a test sees of the store behind the cache, and what it can do to it. */
export class Store extends Context.Service<
  Store,
  {
    /** How often a customer was read from it. */
    reads: number
    /** Runs after it has read a customer, before the reader hears of it. */
    afterRead: Effect.Effect<void>
    /** What was logged, by level. */
    readonly logged: Array<string>
  }
>()("test/Store") {
  static readonly layer = Layer.sync(Store, () => ({ reads: 0, afterRead: Effect.void, logged: [] }))
}

const watched = Layer.effect(
  CustomerRepository.CustomerRepository,
  Effect.gen(function* () {
    const store = yield* Store
    const inner = yield* CustomerRepository.CustomerRepository
    return CustomerRepository.CustomerRepository.of({
      ...inner,
      get: (id) =>
        Effect.suspend(() => {
          store.reads += 1
          return Effect.tap(inner.get(id), () => store.afterRead)
        })
    })
  })
).pipe(Layer.provideMerge(memory))

const listening = Logger.layer([
  Effect.map(Store, ({ logged }) => Logger.make(({ logLevel }) => void logged.push(logLevel)))
])

/** A store in memory whose reads are counted; metrics and log are the test's own. */
export const storeInMemory = Layer.mergeAll(watched, StoredFacts.layerMemory.pipe(Layer.provide(watched))).pipe(
  Layer.provideMerge(listening),
  Layer.provideMerge(Store.layer),
  Layer.provideMerge(Layer.sync(Metric.MetricRegistry, () => new Map()))
)

/** What one process has: a repository and documents behind the cache. */
export interface Instance {
  readonly repository: CustomerRepository.CustomerRepository["Service"]
  readonly documents: CustomerDocuments.CustomerDocuments["Service"]
}

/** The service as another process would have it: all of its own but the store and what the cache layer leads to. */
export const instance = <E, R>(cache: Layer.Layer<CustomerCache.CustomerCache, E, R>) =>
  Effect.map(Layer.build(Layer.fresh(Layer.provide(CachedCustomerRepository.layer, cache))), (context): Instance => ({
    repository: Context.get(context, CustomerRepository.CustomerRepository),
    documents: Context.get(context, CustomerDocuments.CustomerDocuments)
  }))

export const someone = ({ repository }: Instance) => repository.insert(registration({ profile: { firstName: "Old" } }))

export const rename = ({ repository }: Instance, id: CustomerId, firstName: string) =>
  repository.modify(id, (current) => CustomerDecisions.update(current, { profile: { firstName } }, circumstances(60)))

export const firstNameOf = ({ profile }: Customer): string | undefined => profile.firstName

/** The names under which a customer is shown, by either way of reading her. */
export const shownNames = ({ documents, repository }: Instance, id: CustomerId) =>
  Effect.map(Effect.all([repository.get(id), documents.find(id)]), ([customer, { json }]) => [
    customer.profile.firstName,
    JSON.parse(json).profile.firstName
  ])

/** How far a counter of this name has come; 0 where nobody counted. */
export const counted = (name: string) =>
  Effect.map(Metric.snapshot, (snapshots) => {
    const found = snapshots.find(({ id }) => id === name)
    return found?.type === "Counter" ? Number(found.state.count) : 0
  })
