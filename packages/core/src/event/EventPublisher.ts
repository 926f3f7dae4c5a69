import { Context, Effect, Layer, PubSub, Schema, Stream } from "effect"
import type { EventEnvelope, OutboxEvent } from "./EventEnvelope.ts"

/** The bus does not answer, or cannot at the moment; the event itself may be right. */
export class BusUnavailable extends Schema.TaggedError<BusUnavailable>()("BusUnavailable", {
  reason: Schema.String
}) {}

/** The bus refuses this very event, and will the next time too. */
export class EventRefused extends Schema.TaggedError<EventRefused>()("EventRefused", {
  reason: Schema.String
}) {}

/** What became of one event: published where `failure` is undefined. */
export interface Publication {
  readonly event: OutboxEvent
  readonly failure?: BusUnavailable | EventRefused | undefined
}

/**
 * The way to the bus.
 *
 * MUSTs, each with a contract test of the same wording:
 * - an event arrives on its topic, its envelope as it was written
 * - events of different customers that are published together all arrive
 * - an event that the bus refuses is told apart, and the others arrive
 * - a bus that does not answer is told within its time, for each event
 */
export class EventPublisher extends Context.Service<
  EventPublisher,
  {
    /** Publishes events of different customers, in any order; answers for each what became of it, in the order given. */
    readonly publish: (events: ReadonlyArray<OutboxEvent>) => Effect.Effect<ReadonlyArray<Publication>>
  }
>()("@customer-service/core/EventPublisher") {}

/** An event on its topic. */
export interface BusMessage {
  readonly topic: string
  readonly envelope: EventEnvelope
}

/** The bus within this process: whoever listens gets what is published from then on. */
export class EventBus extends Context.Service<EventBus, { readonly messages: Stream.Stream<BusMessage> }>()(
  "@customer-service/core/EventBus"
) {}

/** Messages that a listener may be behind; one that is further behind misses the oldest. */
const furthestBehind = 10_000

/** A bus in this process's memory, for tests, for the embedded default, and for services that embed the core. */
export const layerMemory: Layer.Layer<EventPublisher | EventBus> = Layer.effectContext(
  Effect.gen(function* () {
    const bus = yield* PubSub.sliding<BusMessage>(furthestBehind)
    const publisher = EventPublisher.of({
      publish: Effect.fnUntraced(function* (events) {
        yield* PubSub.publishAll(
          bus,
          events.map(({ envelope, topic }) => ({ topic, envelope }))
        )
        return events.map((event) => ({ event }))
      })
    })
    return Context.make(EventPublisher, publisher).pipe(
      Context.add(EventBus, EventBus.of({ messages: Stream.fromPubSub(bus) }))
    )
  })
)
