import { assert, describe, it } from "@effect/vitest"
import { Array, Duration, Effect, Schedule } from "effect"
import { idOf, someEvent } from "./support/events.ts"
import { fatesOf, publisherTo, reasonOf } from "./support/publishing.ts"
import { clientOf, needsSidecar, privateRedis, sidecar } from "./support/servers.ts"
import { cloudEventsOn } from "./support/topics.ts"

needsSidecar()

const several = (count = 3) => Array.makeBy(count, () => someEvent())
const away = (count: number) => Array.replicate("BusUnavailable" as const, count)
const published = (count: number) => Array.replicate("published" as const, count)

/** A sidecar and its Redis. */
const bus = Effect.gen(function* () {
  const redis = yield* privateRedis()
  return { redis, server: yield* sidecar({ redisUrl: redis.url }) }
})

/** Publishes until it works; the sidecar needs a moment to find its Redis again. */
const untilPublished = (publisher: Effect.Success<ReturnType<typeof publisherTo>>) =>
  Effect.repeat(fatesOf(publisher, several()), {
    until: (fates) => fates.every((fate) => fate === "published"),
    schedule: Schedule.spaced("20 millis")
  })

describe("without a sidecar", () => {
  it.live("the first event is told as fast as any, and goes out once there is one", () =>
    Effect.gen(function* () {
      const { server } = yield* bus
      yield* Effect.promise(server.stop)
      const publisher = yield* publisherTo(server.httpPort)
      const [took, fates] = yield* Effect.timed(fatesOf(publisher, several(200)))
      assert.deepStrictEqual(fates, away(200))
      assert.isBelow(Duration.toMillis(took), 2000)
      assert.strictEqual(yield* reasonOf(publisher, someEvent()), "the sidecar cannot be reached (ECONNREFUSED)")
      yield* Effect.promise(server.start)
      assert.deepStrictEqual(yield* fatesOf(publisher, several()), published(3))
    })
  )
})

describe("while the bus is away", () => {
  it.live("events wait for a sidecar that was killed, and go out when it is back", () =>
    Effect.gen(function* () {
      const { redis, server } = yield* bus
      const publisher = yield* publisherTo(server.httpPort)
      const [before, after] = [several(), several()]
      assert.deepStrictEqual(yield* fatesOf(publisher, before), published(3))
      yield* Effect.promise(server.kill)
      assert.deepStrictEqual(yield* fatesOf(publisher, after), away(3))
      yield* Effect.promise(server.start)
      assert.deepStrictEqual(yield* fatesOf(publisher, after), published(3))
      const client = yield* clientOf(redis.url)
      const arrived = yield* cloudEventsOn(client, "customers.customer.created")
      assert.sameMembers(
        arrived.map(({ id }) => id),
        [...before, ...after].map(idOf)
      )
    })
  )

  it.live("no event counts as published while Redis is down, alone or with others", () =>
    Effect.gen(function* () {
      const { redis, server } = yield* bus
      const publisher = yield* publisherTo(server.httpPort)
      assert.deepStrictEqual(yield* fatesOf(publisher, several()), published(3))
      yield* Effect.promise(redis.stop)
      assert.deepStrictEqual(yield* fatesOf(publisher, [someEvent()]), away(1))
      assert.deepStrictEqual(yield* fatesOf(publisher, several()), away(3))
      yield* Effect.promise(redis.start)
      yield* untilPublished(publisher)
    })
  )

  it.live("no event counts as published while Redis has no room", () =>
    Effect.gen(function* () {
      const { redis, server } = yield* bus
      const client = yield* clientOf(redis.url)
      const publisher = yield* publisherTo(server.httpPort)
      yield* Effect.promise(() => client.config("SET", "maxmemory", "1"))
      assert.deepStrictEqual(yield* fatesOf(publisher, several()), away(3))
      yield* Effect.promise(() => client.config("SET", "maxmemory", "0"))
      assert.deepStrictEqual(yield* fatesOf(publisher, several()), published(3))
    })
  )

  it.live("a component that the sidecar does not have is no fault of the event's", () =>
    Effect.gen(function* () {
      const { server } = yield* bus
      const publisher = yield* publisherTo(server.httpPort, { pubsubName: "another" })
      assert.deepStrictEqual(yield* fatesOf(publisher, several()), away(3))
      const reason = yield* reasonOf(publisher, someEvent())
      assert.strictEqual(reason, "the sidecar answered 404 (ERR_PUBSUB_NOT_FOUND)")
    })
  )
})

describe("an event on its topic", () => {
  it.live("is a CloudEvent with the event's id, whether it went alone or with others", () =>
    Effect.gen(function* () {
      const { redis, server } = yield* bus
      const publisher = yield* publisherTo(server.httpPort)
      const events = [someEvent("alone", { note: "Zoë 👩‍👩‍👧 <&>\u2028" }), ...several(2)]
      yield* fatesOf(publisher, events)
      const client = yield* clientOf(redis.url)
      const topics = ["alone", "customers.customer.created"]
      const arrived = yield* Effect.forEach(topics, (topic) => cloudEventsOn(client, topic))
      assert.sameDeepMembers(
        arrived.flat().map(({ data, datacontenttype, id, topic }) => ({ data, datacontenttype, id, topic })),
        events.map(({ envelope, topic }) => ({
          data: envelope,
          datacontenttype: "application/json",
          id: envelope.eventId,
          topic
        }))
      )
    })
  )
})
