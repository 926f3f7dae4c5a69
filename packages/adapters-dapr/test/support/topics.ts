import type { EventPublisher } from "@customer-service/core"
import { Effect, Schedule } from "effect"
import type { Redis } from "ioredis"

/** The CloudEvents on a topic, oldest first, as they stand in Redis. */
export const cloudEventsOn = (redis: Redis, topic: string) =>
  Effect.map(
    Effect.promise(() => redis.xrange(topic, "-", "+")),
    (entries) => entries.map(([, fields]) => JSON.parse(fields[fields.indexOf("data") + 1] ?? "null"))
  )

/** What was published on these topics. */
const messagesOn = (redis: Redis, topics: Iterable<string>) =>
  Effect.map(
    Effect.forEach(topics, (topic) =>
      Effect.map(cloudEventsOn(redis, topic), (events) =>
        events.map(({ data }): EventPublisher.BusMessage => ({ topic, envelope: data }))
      )
    ),
    (messages) => messages.flat()
  )

/** The same once all of these events are there. */
export const messagesWith = (redis: Redis, topics: Iterable<string>, eventIds: ReadonlyArray<string>) =>
  Effect.repeat(messagesOn(redis, topics), {
    until: (messages) => {
      const there = new Set(messages.map(({ envelope }) => envelope.eventId))
      return eventIds.every((id) => there.has(id))
    },
    schedule: Schedule.spaced("10 millis")
  })
