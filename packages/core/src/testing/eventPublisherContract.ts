import { assert, layer } from "@effect/vitest"
import { Array, Duration, Effect, type Layer } from "effect"
import { topicOf } from "../customer/CustomerEvent.ts"
import type { EventEnvelope, OutboxEvent } from "../event/EventEnvelope.ts"
import { EventPublisher } from "../event/EventPublisher.ts"
import { BusObserver } from "./BusObserver.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { forAll } from "./forAll.ts"
import { freshAddressId, freshCustomerId, freshWord } from "./strangers.ts"
import { attributes } from "./valueArbitraries.ts"

type Services = BusObserver | EventPublisher

/** The contract of {@link EventPublisher}, beside somebody who listens on the bus. Others may publish on it too. */
export const eventPublisherContract = <E>(
  name: string,
  adapter: Layer.Layer<Services, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of EventPublisher`, (it) => {
    arriving(it)
    failing(it)
  })

const topics = Object.values(topicOf)

/** An event of somebody new, on one of our topics. */
const eventWith = (data: object = { firstName: freshWord() }, place = 0): OutboxEvent => {
  const customerId = freshCustomerId()
  return {
    topic: topics[place % topics.length] ?? topicOf.CustomerCreated,
    customerId,
    customerVersion: 1,
    envelope: {
      eventId: freshAddressId(),
      eventType: "CustomerCreated",
      version: "1.0",
      timestamp: "2031-05-06T12:00:00.000Z",
      source: "customer-service",
      data: { customerId, ...data },
      metadata: { correlationId: freshWord() }
    }
  }
}

const idOf = ({ envelope }: { readonly envelope: EventEnvelope }): string => envelope.eventId

const publish = (events: ReadonlyArray<OutboxEvent>) =>
  Effect.flatMap(EventPublisher, (publisher) => publisher.publish(events))

/** What has arrived of these events once `awaited` have, each as often as it did. */
const arrivalsOf = Effect.fnUntraced(function* (
  events: ReadonlyArray<OutboxEvent>,
  awaited: ReadonlyArray<OutboxEvent> = events
) {
  const observer = yield* BusObserver
  const ids = new Set(events.map(idOf))
  const messages = yield* observer.arrived(awaited.map(idOf))
  return messages.filter((message) => ids.has(idOf(message)))
})

const arriving = (it: ContractSuite<Services>): void => {
  it.effect("an event arrives on its topic, its envelope as it was written", () =>
    forAll(
      attributes,
      20,
      Effect.fnUntraced(function* (data) {
        const event = eventWith(data, Object.keys(data).length)
        assert.deepStrictEqual(yield* publish([event]), [{ event, failure: undefined }])
        const [message, ...others] = yield* arrivalsOf([event])
        assert.deepStrictEqual(others, [])
        assert.strictEqual(message?.topic, event.topic)
        assert.deepStrictEqual(
          JSON.parse(JSON.stringify(message?.envelope)),
          JSON.parse(JSON.stringify(event.envelope))
        )
      })
    )
  )

  it.effect("events of different customers that are published together all arrive", () =>
    Effect.gen(function* () {
      const events = Array.makeBy(60, (place) => eventWith(undefined, place))
      const publications = yield* publish(events)
      assert.deepStrictEqual(
        publications.map(({ event, failure }) => [idOf(event), failure]),
        events.map((event) => [idOf(event), undefined])
      )
      const messages = yield* arrivalsOf(events)
      const shown = ({ envelope, topic }: Pick<OutboxEvent, "envelope" | "topic">) => `${topic} ${idOf({ envelope })}`
      assert.sameMembers(messages.map(shown), events.map(shown))
      assert.deepStrictEqual(yield* publish([]), [])
    })
  )
}

const failing = (it: ContractSuite<Services>): void => {
  it.effect("an event that the bus refuses is told apart, and the others arrive", () =>
    Effect.gen(function* () {
      const observer = yield* BusObserver
      const word = freshWord()
      const [one, other] = [eventWith(), eventWith(undefined, 1)]
      const refused = observer.refusable(eventWith({ firstName: word }))
      const events = [one, refused, other]
      const publications = yield* publish(events)
      assert.deepStrictEqual(
        publications.map(({ event, failure }) => [idOf(event), failure?._tag]),
        [
          [idOf(one), undefined],
          [idOf(refused), "EventRefused"],
          [idOf(other), undefined]
        ]
      )
      const reason = publications[1]?.failure?.reason ?? ""
      assert.isNotEmpty(reason)
      assert.notInclude(reason, word)
      assert.sameMembers((yield* arrivalsOf(events, [one, other])).map(idOf), [idOf(one), idOf(other)])
    })
  )

  it.effect("a bus that does not answer is told within its time, for each event", () =>
    Effect.gen(function* () {
      const observer = yield* BusObserver
      const word = freshWord()
      const events = Array.makeBy(20, (place) => eventWith({ firstName: word }, place))
      const [took, publications] = yield* observer.whileAway(Effect.timed(publish(events)))
      assert.isAtMost(Duration.toMillis(took), observer.patience)
      assert.deepStrictEqual(
        publications.map(({ event, failure }) => [idOf(event), failure?._tag]),
        events.map((event) => [idOf(event), "BusUnavailable"])
      )
      for (const { failure } of publications) assert.notInclude(failure?.reason, word)
      const after = eventWith()
      assert.deepStrictEqual(yield* publish([after]), [{ event: after, failure: undefined }])
      assert.lengthOf(yield* arrivalsOf([after]), 1)
    })
  )
}
