import { Context, Effect, Layer, Stream } from "effect"
import type { OutboxEvent } from "../event/EventEnvelope.ts"
import {
  type BusMessage,
  BusUnavailable,
  EventBus,
  EventPublisher,
  EventRefused,
  layerMemory
} from "../event/EventPublisher.ts"

/** What arrives on a bus, and how the bus is made to fail: each adapter's test says how that is done. */
export class BusObserver extends Context.Service<
  BusObserver,
  {
    /** Waits until every one of these events has arrived; then all that has arrived so far. */
    readonly arrived: (eventIds: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<BusMessage>>
    /** An event with the same id that the bus refuses, such as on a topic that nobody may publish on. */
    readonly refusable: (event: OutboxEvent) => OutboxEvent
    /** Runs an effect while the bus does not answer; it is back afterwards. */
    readonly whileAway: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
    /** Milliseconds within which the publisher gives up on a bus that does not answer. */
    readonly patience: number
  }
>()("@customer-service/core/testing/BusObserver") {
  /** The bus in memory, made to fail where it is asked to. */
  static readonly layerMemory: Layer.Layer<BusObserver | EventPublisher> = Layer.effectContext(
    Effect.suspend(() => observed)
  ).pipe(Layer.provide(layerMemory))
}

const refusedTopic = "contract.refused"

const observed = Effect.gen(function* () {
  const bus = yield* EventBus
  const publisher = yield* EventPublisher
  const messages: Array<BusMessage> = []
  let isAway = false
  yield* Effect.forkScoped(
    Stream.runForEach(bus.messages, (message) => Effect.sync(() => void messages.push(message))),
    { startImmediately: true }
  )

  const failureOf = ({ topic }: OutboxEvent) => {
    if (isAway) return new BusUnavailable({ reason: "the bus is away" })
    return topic === refusedTopic ? new EventRefused({ reason: "nobody may publish on this topic" }) : undefined
  }

  const hasArrived = (eventId: string): boolean => messages.some(({ envelope }) => envelope.eventId === eventId)

  const arrived = (eventIds: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<BusMessage>> =>
    Effect.suspend(() =>
      eventIds.every(hasArrived) ? Effect.sync(() => [...messages]) : Effect.andThen(Effect.yieldNow, arrived(eventIds))
    )

  return Context.make(
    EventPublisher,
    EventPublisher.of({
      publish: Effect.fnUntraced(function* (events) {
        yield* publisher.publish(events.filter((event) => failureOf(event) === undefined))
        return events.map((event) => ({ event, failure: failureOf(event) }))
      })
    })
  ).pipe(
    Context.add(
      BusObserver,
      BusObserver.of({
        arrived,
        refusable: (event) => ({ ...event, topic: refusedTopic }),
        whileAway: (effect) =>
          Effect.acquireUseRelease(
            Effect.sync(() => {
              isAway = true
            }),
            () => effect,
            () =>
              Effect.sync(() => {
                isAway = false
              })
          ),
        patience: 1000
      })
    )
  )
})
