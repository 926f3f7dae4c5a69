import { assert, it as plainIt } from "@effect/vitest"
import { Clock, Context, Effect, Fiber, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { CacheUpkeep, type ReachedVersion } from "../src/customer/CacheUpkeep.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import { StorageUnavailable } from "../src/customer/CustomerErrors.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { BusUnavailable, EventPublisher, EventRefused, type Publication } from "../src/event/EventPublisher.ts"
import type { OutboxEvent } from "../src/event/EventEnvelope.ts"
import { Outbox } from "../src/event/Outbox.ts"
import * as RelayEvents from "../src/event/RelayEvents.ts"
import { RelayPolicy } from "../src/event/RelayPolicy.ts"
import { circumstances, registration } from "../src/testing/index.ts"
import { besideMemory } from "./memoryLayers.ts"

/** What the bus does with an event: takes it, refuses it, is away, or is so slow that it is given up. */
export type BusAnswer = "taken" | "refused" | "away" | "too slow"

/** The publisher gives up after so many seconds. */
const patience = 2

/** A call of the publisher: when it began and ended (milliseconds), of what, and what the bus took of it. */
interface Call {
  readonly began: number
  ended: number
  readonly events: ReadonlyArray<OutboxEvent>
  readonly taken: Array<OutboxEvent>
}

/** What a test can do to the bus and the outbox, and what it sees of them. */
export interface SceneState {
  answer: (event: OutboxEvent) => BusAnswer
  /** Milliseconds that a call takes whose events are all taken. */
  callTakes: number
  /** Runs in the place of the next call. */
  instead: Effect.Effect<ReadonlyArray<Publication>> | undefined
  settlingFails: boolean
  suspectingFails: boolean
  readonly calls: Array<Call>
  /** When the bus was suspected, for how many seconds, and how many events became due by it. */
  readonly suspicions: Array<{ readonly at: number; readonly seconds: number; readonly again: number }>
  readonly reached: Array<ReadonlyArray<ReachedVersion>>
  readonly logged: Array<string>
}

export class Scene extends Context.Service<Scene, SceneState>()("test/RelayScene") {
  static readonly layer = Layer.sync(Scene, (): SceneState => ({
    answer: () => "taken",
    callTakes: 0,
    instead: undefined,
    settlingFails: false,
    suspectingFails: false,
    calls: [],
    suspicions: [],
    reached: [],
    logged: []
  }))
}

const publicationOf = (event: OutboxEvent, answer: BusAnswer): Publication => {
  if (answer === "taken") return { event }
  const failure =
    answer === "refused"
      ? new EventRefused({ reason: "it is too long" })
      : new BusUnavailable({ reason: answer === "away" ? "nobody is there" : "it took too long" })
  return { event, failure }
}

const scriptedBus = Layer.effect(
  EventPublisher,
  Effect.gen(function* () {
    const scene = yield* Scene
    const publish = Effect.fnUntraced(function* (events: ReadonlyArray<OutboxEvent>) {
      const { instead } = scene
      scene.instead = undefined
      if (instead !== undefined) return yield* instead
      const call: Call = { began: yield* Clock.currentTimeMillis, ended: Infinity, events, taken: [] }
      scene.calls.push(call)
      const answers = events.map((event) => scene.answer(event))
      call.taken.push(...events.filter((_, index) => answers[index] === "taken"))
      yield* Effect.sleep(answers.includes("too slow") ? patience * 1000 : scene.callTakes)
      call.ended = yield* Clock.currentTimeMillis
      return events.map((event, index) => publicationOf(event, answers[index] ?? "away"))
    })
    return EventPublisher.of({ publish })
  })
)

const watchedOutbox = Layer.effect(
  Outbox,
  Effect.gen(function* () {
    const scene = yield* Scene
    const outbox = yield* Outbox
    const failing = <A, E>(fails: () => boolean, effect: Effect.Effect<A, E>) =>
      Effect.suspend((): Effect.Effect<A, E | StorageUnavailable> =>
        fails() ? Effect.fail(new StorageUnavailable()) : effect
      )
    return Outbox.of({
      ...outbox,
      // Those of the memory look every few milliseconds, which is long in minutes that a test lets pass.
      untilChanged: Effect.sleep("250 millis"),
      settle: (claim, settlement) => failing(() => scene.settlingFails, outbox.settle(claim, settlement)),
      suspect: (window, secondsAgo = 0) =>
        failing(
          () => scene.suspectingFails,
          Effect.tap(outbox.suspect(window, secondsAgo), (again) =>
            Effect.map(Clock.currentTimeMillis, (at) =>
              scene.suspicions.push({ at, seconds: window + secondsAgo, again })
            )
          )
        )
    })
  })
)

const watchedUpkeep = Layer.effect(
  CacheUpkeep,
  Effect.map(Scene, ({ reached }) => ({
    note: () => Effect.void,
    catchUp: (versions) => Effect.sync(() => void reached.push(versions))
  }))
)

const listening = Logger.layer([
  Effect.map(Scene, ({ logged }) => Logger.make(({ message }) => void logged.push(String(message))))
])

const world = Layer.mergeAll(
  scriptedBus,
  watchedOutbox,
  watchedUpkeep,
  Layer.succeed(RelayPolicy, { mostRefusals: 10, resendWindowSeconds: 5, batch: 256, leaseSeconds: 15, workers: 2 })
).pipe(Layer.provideMerge(besideMemory), Layer.provideMerge(listening), Layer.provideMerge(Scene.layer))

export type World = Layer.Success<typeof world>

/** Runs an effect in a world of its own. */
export const inWorld = <A, E>(effect: Effect.Effect<A, E, World>): Effect.Effect<A, E> =>
  Effect.provide(effect, Layer.fresh(world))

/** A test in a world of its own. */
export const it = (name: string, test: () => Effect.Effect<void, unknown, World>): void =>
  plainIt.effect(name, () => inWorld(Effect.suspend(test)))

/** Time goes on. */
export const passes = TestClock.adjust

/** Another policy for whatever runs in `effect`. */
export const withPolicy =
  (changes: Partial<RelayPolicy>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.flatMap(RelayPolicy, (policy) => Effect.provideService(effect, RelayPolicy, { ...policy, ...changes }))

/** A relay that runs beside the test. */
export const running = Effect.forkChild(RelayEvents.run)

/** Somebody new, with one event. */
export const newcomer = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  return (yield* repository.insert(registration())).id
})

let names = 0

/** One more event of a customer. */
export const rename = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  names += 1
  const changes = { profile: { firstName: `Name ${names}` } }
  yield* repository.modify(id, (current) => Decisions.update(current, changes, circumstances()))
})

/** Somebody with so many events. */
export const someoneWith = Effect.fnUntraced(function* (events: number) {
  const id = yield* newcomer
  for (let count = 1; count < events; count++) yield* rename(id)
  return id
})

export const idOf = ({ envelope }: OutboxEvent): string => envelope.eventId

/** Every event that was written, in order; of one customer where told. */
export const written = (id?: CustomerId) =>
  Effect.map(CustomerMemory, ({ events }) =>
    events.filter((event) => id === undefined || event.customerId === id).map(idOf)
  )

/** Every event that the bus took, in order and as often as it did; of one customer where told. */
export const taken = (id?: CustomerId) =>
  Effect.map(Scene, ({ calls }) =>
    calls
      .flatMap((call) => call.taken)
      .filter((event) => id === undefined || event.customerId === id)
      .map(idOf)
  )

/** Each event once, in the order in which it was taken first. */
export const firsts = (events: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(events)]

/** The bus is away until {@link busIsBack}. */
export const busIsAway = Effect.map(Scene, (scene) => {
  scene.answer = () => "away"
})

/** The bus takes everything again; answers how often it was called until then. */
export const busIsBack = Effect.map(Scene, (scene) => {
  scene.answer = () => "taken"
  return scene.calls.length
})

/** What the bus took from that call on, in order. */
export const takenSince = (call: number) =>
  Effect.map(Scene, ({ calls }) => calls.slice(call).flatMap((later) => later.taken.map(idOf)))

/** Makes sure that each of these customers' events came first in the order in which they were written. */
export const assertInOrder = Effect.fnUntraced(function* (ids: ReadonlyArray<CustomerId>) {
  for (const id of ids) assert.deepStrictEqual(firsts(yield* taken(id)), yield* written(id))
})

/** The moments at which an event was tried, in milliseconds. */
export const triesOf = (eventId: string | undefined) =>
  Effect.map(Scene, ({ calls }) =>
    calls.filter(({ events }) => events.some((event) => idOf(event) === eventId)).map(({ began }) => began)
  )

export const seconds = (count: number): number => count * 1000

/** Stops a relay as a process that is told to stop does. */
export const stopped = Fiber.interrupt
