import { incomingTopics, type OutboxEvent } from "@customer-service/core"
import type { PubsubSettings } from "@customer-service/test-servers"
import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Struct } from "effect"
import * as Delivery from "../src/Delivery.ts"
import { messagesRoute, subscriptions, undeliveredRoute, undeliveredTopic } from "../src/Subscriptions.ts"
import { application, type Handling } from "./support/application.ts"
import { idOf, someEvent } from "./support/events.ts"
import { fatesOf, publisherTo } from "./support/publishing.ts"
import { clientOf, needsSidecar, privateRedis, sidecar, until } from "./support/servers.ts"

needsSidecar()

const topic = incomingTopics.orders

/** A policy of two more tries in quick succession. */
const twice = JSON.stringify({
  apiVersion: "dapr.io/v1alpha1",
  kind: "Resiliency",
  metadata: { name: "twice" },
  spec: {
    policies: { retries: { twice: { policy: "constant", duration: "50ms", maxRetries: 2 } } },
    targets: { components: { pubsub: { inbound: { retry: "twice" } } } }
  }
})

const pubsub: PubsubSettings = { concurrency: 200, processingTimeout: 5000, redeliverInterval: 200 }

/** An application beside its sidecar, and a way to have it sent something. */
const consumer = Effect.fnUntraced(function* (handle: Handling, subscribed = subscriptions({ pubsubName: "pubsub" })) {
  const redis = yield* privateRedis()
  const app = yield* application(handle, subscribed)
  const options = { redisUrl: redis.url, appPort: app.appPort, appApiToken: "sesame-open", pubsub, resources: [twice] }
  const { httpPort, url } = yield* sidecar(options)
  const publisher = yield* publisherTo(httpPort)
  const client = yield* clientOf(redis.url)
  const send = (events: ReadonlyArray<OutboxEvent>) => fatesOf(publisher, events)
  /** Waits until the sidecar has acknowledged all that came on the topic. */
  const acknowledged = Effect.repeat(
    Effect.promise(() => client.xpending(topic, "customer-service")),
    { until: ([count]) => count === 0 }
  )
  return { ...app, url, client, send, acknowledged }
})

const oneByOne = subscriptions({ pubsubName: "pubsub" }).map((each) => Struct.omit(each, ["bulkSubscribe"]))

const takeIn: Handling = ({ delivery }) =>
  Delivery.answer(
    delivery,
    delivery.messages.map(() => "applied")
  )

const isOrder = (path: string): boolean => path.startsWith(messagesRoute)

describe("messages", () => {
  it.live("arrive as they were published, in bulks, with the application's token", () =>
    Effect.gen(function* () {
      const { messagesAt, received, send } = yield* consumer(takeIn)
      const events = Array.makeBy(60, (total) => someEvent(topic, { total: total + 0.5, note: "Zoë <&>" }))
      yield* send(events)
      yield* until(() => messagesAt(messagesRoute).length >= events.length)
      assert.sameDeepMembers(
        messagesAt(messagesRoute),
        events.map((event) => ({ topic, id: idOf(event), data: event.envelope }))
      )
      assert.isTrue(received.every(({ delivery }) => delivery.entryIds !== undefined))
      assert.isTrue(received.every(({ token }) => token === "sesame-open"))
      assert.isBelow(received.length, events.length)
    })
  )

  it.live("arrive one by one where bulks are not asked for", () =>
    Effect.gen(function* () {
      const { messagesAt, received, send } = yield* consumer(takeIn, oneByOne)
      const event = someEvent(topic)
      yield* send([event])
      yield* until(() => received.length > 0)
      assert.deepStrictEqual(messagesAt(messagesRoute), [{ topic, id: idOf(event), data: event.envelope }])
      assert.isUndefined(received[0]?.delivery.entryIds)
    })
  )

  it.live("that were published raw arrive as that", () =>
    Effect.gen(function* () {
      const { messagesAt, url } = yield* consumer(takeIn)
      const address = `${url}/v1.0/publish/pubsub/${topic}?metadata.rawPayload=true`
      yield* Effect.promise(() => fetch(address, { method: "POST", body: '{"eventId":"7"}' }))
      yield* until(() => messagesAt(messagesRoute).length > 0)
      assert.deepInclude(messagesAt(messagesRoute)[0], { topic, data: { eventId: "7" } })
    })
  )
})

describe("what cannot be taken in for now", () => {
  const failures: ReadonlyArray<readonly [string, Handling]> = [
    ["RETRY", ({ delivery }) => Delivery.again(delivery)],
    ["503", () => ({ failsWith: 503 })]
  ]

  it.live.each(failures)("is delivered again after %s, and no more once it was taken in", ([, fail]) =>
    Effect.gen(function* () {
      let tries = 0
      const { acknowledged, client, messagesAt, send } = yield* consumer((received) =>
        isOrder(received.path) && (tries += 1) < 3 ? fail(received) : takeIn(received)
      )
      const event = someEvent(topic)
      yield* send([event])
      yield* until(() => tries === 3)
      yield* acknowledged
      assert.deepStrictEqual(
        messagesAt(messagesRoute).map(({ id }) => id),
        Array.replicate(idOf(event), 3)
      )
      assert.strictEqual(yield* Effect.promise(() => client.xlen(undeliveredTopic)), 0)
    })
  )

  it.live.each(failures)("arrives as undelivered after the last try with %s, with its topic and id", ([, fail]) =>
    Effect.gen(function* () {
      const { messagesAt, send } = yield* consumer((received) =>
        isOrder(received.path) ? fail(received) : takeIn(received)
      )
      const events = [someEvent(topic), someEvent(topic)]
      yield* send(events)
      yield* until(() => messagesAt(undeliveredRoute).length >= 2)
      assert.sameDeepMembers(
        messagesAt(undeliveredRoute),
        events.map((event) => ({ topic, id: idOf(event), data: event.envelope }))
      )
    })
  )
})

describe("what is dead", () => {
  const bury: Handling = (received) =>
    isOrder(received.path)
      ? Delivery.answer(
          received.delivery,
          received.delivery.messages.map(() => "dead")
        )
      : takeIn(received)

  it.live("is dropped, and moved to the undelivered, where it came by itself", () =>
    Effect.gen(function* () {
      const { messagesAt, send } = yield* consumer(bury, oneByOne)
      const event = someEvent(topic)
      yield* send([event])
      yield* until(() => messagesAt(undeliveredRoute).length > 0)
      assert.deepStrictEqual(messagesAt(undeliveredRoute), [{ topic, id: idOf(event), data: event.envelope }])
    })
  )

  it.live("is done with where it came in a bulk, also beside what the sidecar cannot read", () =>
    Effect.gen(function* () {
      const { client, messagesAt, send, acknowledged } = yield* consumer(bury)
      yield* Effect.promise(() => client.xadd(topic, "*", "data", "no JSON"))
      const events = [someEvent(topic), someEvent(topic)]
      yield* send(events)
      yield* until(() => messagesAt(messagesRoute).length >= 2)
      yield* acknowledged
      const moved = yield* Effect.promise(() => client.xrange(undeliveredTopic, "-", "+"))
      assert.deepStrictEqual(
        moved.map(([, fields]) => fields[1]),
        ["no JSON"]
      )
      assert.deepStrictEqual(yield* send([someEvent(topic)]), ["published"])
    })
  )
})
