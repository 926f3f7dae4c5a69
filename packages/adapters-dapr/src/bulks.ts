import type { OutboxEvent } from "@customer-service/core"

/** Events that go to the sidecar in one request: all of one topic. */
export interface Bulk {
  readonly topic: string
  readonly events: ReadonlyArray<OutboxEvent>
}

/** The sidecar itself publishes so many at a time. */
const mostEvents = 100

/** Characters of JSON in one request: in bytes they are a fraction of the 4 MiB that the sidecar takes. */
const mostCharacters = 1_000_000

interface Filling {
  readonly events: Array<OutboxEvent>
  characters: number
}

/** The events in as few bulks as the sidecar takes them; an event that is too large for any is in one of its own. */
export const bulksOf = (events: ReadonlyArray<OutboxEvent>): ReadonlyArray<Bulk> => {
  const bulks: Array<Bulk> = []
  const open = new Map<string, Filling>()
  for (const event of events) {
    const characters = JSON.stringify(event.envelope).length
    const filling = open.get(event.topic)
    const hasRoom =
      filling !== undefined && filling.events.length < mostEvents && filling.characters + characters <= mostCharacters
    if (hasRoom) {
      filling.events.push(event)
      filling.characters += characters
    } else {
      const members = [event]
      open.set(event.topic, { events: members, characters })
      bulks.push({ topic: event.topic, events: members })
    }
  }
  return bulks
}
