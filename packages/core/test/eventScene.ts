import { it as plainIt } from "@effect/vitest"
import { BigDecimal, Context, type DateTime, Effect, Layer, Metric } from "effect"
import { SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import { CacheUpkeep } from "../src/customer/CacheUpkeep.ts"
import type { Customer } from "../src/customer/Customer.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import { StorageUnavailable } from "../src/customer/CustomerErrors.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { Inbox, type Received } from "../src/event/Inbox.ts"
import type { OrderEntry, PointsEntry } from "../src/order/Figures.ts"
import * as UpstreamAnswers from "../src/order/UpstreamAnswers.ts"
import { CustomerStandings } from "../src/segment/CustomerStandings.ts"
import { circumstances, freshLegacyId, freshWord, registration } from "../src/testing/index.ts"
import { besideMemory } from "./memoryLayers.ts"

/** What a test can do to the stores, and what it sees of them. */
export interface SceneState {
  /** So many of the next writes of a standing fail, before or after they happened. */
  failures: number
  failuresHappenAfter: boolean
  inboxIsDown: boolean
  /** Taking in a message of this event id breaks. */
  breaksAt: string | undefined
  /** Runs after a message was taken in, before anybody hears of it. */
  afterReceipt: Effect.Effect<void>
  /** How often a standing was written. */
  writes: number
  /** Customers of whom the cache was told, as they were then. */
  readonly noted: Array<Customer>
}

export class Scene extends Context.Service<Scene, SceneState>()("test/EventScene") {
  static readonly layer = Layer.sync(Scene, (): SceneState => ({
    failures: 0,
    failuresHappenAfter: false,
    inboxIsDown: false,
    breaksAt: undefined,
    afterReceipt: Effect.void,
    writes: 0,
    noted: []
  }))
}

const watchedInbox = Layer.effect(
  Inbox,
  Effect.gen(function* () {
    const scene = yield* Scene
    const inbox = yield* Inbox
    return Inbox.of({
      ...inbox,
      receive: (messages, restating) =>
        Effect.suspend((): Effect.Effect<Received, StorageUnavailable> => {
          if (scene.inboxIsDown) return Effect.fail(new StorageUnavailable())
          const breaks = messages.some(({ eventId }) => eventId === scene.breaksAt)
          if (breaks) return Effect.die(new RangeError("integer out of range"))
          return Effect.tap(inbox.receive(messages, restating), () => scene.afterReceipt)
        })
    })
  })
)

const watchedStandings = Layer.effect(
  CustomerStandings,
  Effect.gen(function* () {
    const scene = yield* Scene
    const standings = yield* CustomerStandings
    return CustomerStandings.of({
      ...standings,
      modify: (id, decide) =>
        Effect.suspend(() => {
          scene.writes += 1
          const write = standings.modify(id, decide)
          if (scene.failures === 0) return write
          scene.failures -= 1
          const lost = Effect.fail(new StorageUnavailable())
          return scene.failuresHappenAfter ? Effect.andThen(write, lost) : lost
        })
    })
  })
)

const watchedUpkeep = Layer.effect(
  CacheUpkeep,
  Effect.map(Scene, ({ noted }) => ({
    note: (customers) => Effect.sync(() => void noted.push(...customers)),
    catchUp: () => Effect.void
  }))
)

const world = Layer.mergeAll(watchedInbox, watchedStandings, watchedUpkeep, UpstreamAnswers.layerMemory()).pipe(
  Layer.provideMerge(besideMemory),
  Layer.provideMerge(Scene.layer),
  Layer.provideMerge(SecureRandom.layerWebCrypto),
  Layer.provideMerge(Layer.sync(Metric.MetricRegistry, () => new Map()))
)

export type World = Layer.Success<typeof world>

/** An hour after customers of {@link registration} came. */
export const began = circumstances(3600).now

/** Runs an effect in a world of its own, in which it is an hour after everybody came. */
export const inWorld = <A, E>(effect: Effect.Effect<A, E, World>): Effect.Effect<A, E> =>
  Effect.andThen(TestClock.setTime(began.epochMilliseconds), effect).pipe(Effect.provide(Layer.fresh(world)))

/** A test in a world of its own. */
export const it = (name: string, test: () => Effect.Effect<void, unknown, World>): void =>
  plainIt.effect(name, () => inWorld(Effect.suspend(test)))

/** A new customer who is known to Magento too. */
export const someone = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  const change = registration()
  return yield* repository.insert({ ...change, customer: { ...change.customer, legacyId: freshLegacyId() } })
})

/** Somebody who registered here, and nowhere before. */
export const newcomer = Effect.flatMap(CustomerRepository, (repository) => repository.insert(registration()))

export const current = (id: CustomerId) => Effect.flatMap(CustomerRepository, (repository) => repository.get(id))

/** Closes her account. */
export const close = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  yield* repository.modify(id, (customer) => Decisions.deactivate(customer, circumstances(3600), 30))
})

/** So many seconds after everybody came. */
export const at = (seconds: number): DateTime.Utc => circumstances(seconds).now

/** An order of that amount, completed and told of at that second. */
export const order = (total: string, second = 0, details: Partial<OrderEntry> = {}): OrderEntry => ({
  orderId: freshWord(),
  total: BigDecimal.fromStringUnsafe(total),
  completedAt: at(second),
  occurredAt: at(second),
  eventId: freshWord(),
  ...details
})

/** Points, told of at that second. */
export const points = (amount: number, second = 0, balance?: number): PointsEntry => ({
  eventId: freshWord(),
  points: amount,
  ...(balance === undefined ? {} : { balance }),
  occurredAt: at(second)
})
