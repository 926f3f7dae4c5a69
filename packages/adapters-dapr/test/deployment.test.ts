import { readFile } from "node:fs/promises"
import { incomingTopics } from "@customer-service/core"
import { assert, it } from "@effect/vitest"
import { Array, Effect } from "effect"
import * as Delivery from "../src/Delivery.ts"
import { messagesRoute, subscriptions, undeliveredRoute, undeliveredTopic } from "../src/Subscriptions.ts"
import { application } from "./support/application.ts"
import { someEvent } from "./support/events.ts"
import { fatesOf, publisherTo } from "./support/publishing.ts"
import { clientOf, needsSidecar, privateRedis, sidecar, until } from "./support/servers.ts"

needsSidecar()

// The sidecar under test has a component `pubsub` already.
const pubsubName = "shipped"

const shipped = (name: string, redisUrl: string) =>
  Effect.map(
    Effect.promise(() => readFile(new URL(`../../../deploy/dapr/${name}.yaml`, import.meta.url), "utf8")),
    (text) => text.replaceAll(/\bpubsub\b(?!\.)/gu, pubsubName).replaceAll("localhost:6379", new URL(redisUrl).host)
  )

const load = Effect.fnUntraced(function* (handle: Parameters<typeof application>[0], subscribed = subscriptions) {
  const { url: redisUrl } = yield* privateRedis()
  const resources = yield* Effect.forEach(["pubsub", "resiliency", "subscriptions"], (name) => shipped(name, redisUrl))
  const app = yield* application(handle, subscribed({ pubsubName }))
  const { httpPort } = yield* sidecar({ redisUrl, appPort: app.appPort, resources })
  return { ...app, publisher: yield* publisherTo(httpPort, { pubsubName }), client: yield* clientOf(redisUrl) }
})

const takeIn = (delivery: Delivery.Delivery) =>
  Delivery.answer(
    delivery,
    delivery.messages.map(() => "applied")
  )

it.live("what is shipped brings messages in bulks, and again after a failure", () =>
  Effect.gen(function* () {
    let tries = 0
    const { client, messagesAt, publisher, received } = yield* load(
      ({ delivery }) => ((tries += 1) === 1 ? { failsWith: 503 } : takeIn(delivery)),
      () => []
    )
    const topics = [...Object.values(incomingTopics), undeliveredTopic]
    const events = topics.flatMap((topic) => Array.makeBy(40, () => someEvent(topic)))
    assert.deepStrictEqual(new Set(yield* fatesOf(publisher, events)), new Set(["published"]))
    const ids = () => new Set([messagesRoute, undeliveredRoute].flatMap(messagesAt).map(({ id }) => id))
    yield* until(() => ids().size === events.length && tries >= 4)
    assert.isTrue(received.some(({ delivery }) => delivery.messages.length > 10))
    assert.strictEqual(yield* Effect.promise(() => client.xlen(undeliveredTopic)), 40)
  })
)

it.live("what is shipped and what the service asks for go together: nothing comes twice", () =>
  Effect.gen(function* () {
    const { messagesAt, publisher } = yield* load(({ delivery }) => takeIn(delivery))
    const [last, ...events] = Array.makeBy(31, () => someEvent(incomingTopics.points))
    yield* fatesOf(publisher, events)
    yield* until(() => messagesAt(messagesRoute).length >= events.length)
    yield* fatesOf(publisher, last === undefined ? [] : [last])
    yield* until(() => messagesAt(messagesRoute).some(({ id }) => id === last?.envelope.eventId))
    assert.lengthOf(messagesAt(messagesRoute), 31)
  })
)
