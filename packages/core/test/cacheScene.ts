import { Context, Effect, Layer, Logger, type LogLevel, Metric } from "effect"
import * as CachedCustomerRepository from "../src/customer/CachedCustomerRepository.ts"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import { StorageUnavailable } from "../src/customer/CustomerErrors.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { memory } from "./memoryLayers.ts"

/** What a test can do to the cache and to the store behind it, and what it sees of them. */
export interface SceneState {
  cacheIsDown: boolean
  storageIsDown: boolean
  /** The store commits writes and is lost before it can say so. */
  outcomeIsLost: boolean
  /** Such a write waits in the store, and is committed by `late`. */
  happensLater: boolean
  late: Effect.Effect<void>
  /** How often a customer was read from the store. */
  reads: number
  /** Runs after the store has read a customer, before the reader hears of it. */
  afterRead: Effect.Effect<void>
  /** Runs after the store has committed a write, before the writer hears of it. */
  afterCommit: Effect.Effect<void>
  readonly logged: Array<{ readonly level: LogLevel.LogLevel; readonly text: string }>
}

export class Scene extends Context.Service<Scene, SceneState>()("test/Scene") {
  static readonly layer = Layer.sync(Scene, () => ({
    cacheIsDown: false,
    storageIsDown: false,
    outcomeIsLost: false,
    happensLater: false,
    late: Effect.void,
    reads: 0,
    afterRead: Effect.void,
    afterCommit: Effect.void,
    logged: []
  }))
}

const unreliableCache = Layer.effect(
  CustomerCache.CustomerCache,
  Effect.gen(function* () {
    const scene = yield* Scene
    const cache = yield* CustomerCache.CustomerCache
    const noAnswer = Effect.fail(new CustomerCache.CacheUnavailable())
    const answering = <A>(call: Effect.Effect<A, CustomerCache.CacheUnavailable>) =>
      Effect.suspend(() => (scene.cacheIsDown ? Effect.andThen(Effect.yieldNow, noAnswer) : call))
    return CustomerCache.CustomerCache.of({
      get: (id) => answering(cache.get(id)),
      getDocument: (id) => answering(cache.getDocument(id)),
      put: (id, customer) => answering(cache.put(id, customer)),
      findByLegacyId: (legacyId) => answering(cache.findByLegacyId(legacyId)),
      putLegacyId: (legacyId, id) => answering(cache.putLegacyId(legacyId, id)),
      forgetLegacyId: (legacyId) => answering(cache.forgetLegacyId(legacyId)),
      findVersions: (ids) => answering(cache.findVersions(ids)),
      clear: answering(cache.clear)
    })
  })
).pipe(Layer.provide(CustomerCache.layerMemory()))

const watchedStore = Layer.effect(
  CustomerRepository,
  Effect.gen(function* () {
    const scene = yield* Scene
    const store = yield* CustomerRepository
    const answering = <A, E>(call: Effect.Effect<A, E | StorageUnavailable>) =>
      Effect.suspend(() => (scene.storageIsDown ? Effect.fail(new StorageUnavailable()) : call))
    const committed = <A, E>(write: Effect.Effect<A, E>) => Effect.tap(write, () => scene.afterCommit)
    return CustomerRepository.of({
      ...store,
      get: (id) =>
        Effect.suspend(() => {
          scene.reads += 1
          return Effect.tap(answering(store.get(id)), () => scene.afterRead)
        }),
      insert: (change, once) => committed(store.insert(change, once)),
      modify: (id, decide, once) => {
        const write = committed(store.modify(id, decide, once))
        if (scene.happensLater) {
          scene.late = Effect.ignore(write)
          return Effect.fail(new StorageUnavailable())
        }
        return Effect.filterOrFail(
          write,
          () => !scene.outcomeIsLost,
          () => new StorageUnavailable()
        )
      }
    })
  })
).pipe(Layer.provide(memory))

const listening = Logger.layer([
  Effect.map(Scene, ({ logged }) =>
    Logger.make(({ logLevel, message }) => {
      logged.push({ level: logLevel, text: String(message) })
    })
  )
])

/** A cached repository over a store and a cache that can both be made to fail; metrics are the test's own. */
export const cacheScene = CachedCustomerRepository.layer.pipe(
  Layer.provideMerge(unreliableCache),
  Layer.provide(watchedStore),
  Layer.provideMerge(listening),
  Layer.provideMerge(Scene.layer),
  Layer.provideMerge(Layer.sync(Metric.MetricRegistry, () => new Map()))
)

/** How far a counter of this name has come; 0 where nobody counted. */
export const counted = (name: string) =>
  Effect.map(Metric.snapshot, (snapshots) => {
    const found = snapshots.find(({ id }) => id === name)
    return found?.type === "Counter" ? Number(found.state.count) : 0
  })
