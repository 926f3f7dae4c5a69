import type { Redis } from "ioredis"

interface CloudEvent {
  readonly data: { readonly eventId: string }
}

/** When each event first stood in its topic's stream, in milliseconds since the epoch, by the event's id. */
export const arrivals = async (bus: Redis, topics: ReadonlyArray<string>): Promise<ReadonlyMap<string, number>> => {
  const found = new Map<string, number>()
  for (const topic of topics) {
    for (const [entry, fields] of await bus.xrange(topic, "-", "+")) {
      const { data } = JSON.parse(fields[fields.indexOf("data") + 1] ?? "") as CloudEvent
      if (!found.has(data.eventId)) found.set(data.eventId, Number(entry.split("-")[0]))
    }
  }
  return found
}
