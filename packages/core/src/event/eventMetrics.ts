import { Clock, Effect, Metric } from "effect"
import { EventJournal } from "./EventJournal.ts"
import { Inbox } from "./Inbox.ts"

const gauge = (name: string, description: string) => Metric.gauge(`customer_${name}`, { description })

const unpublished = gauge("events_unpublished", "Events that are not published yet")
const oldest = gauge("events_oldest_seconds", "How long the oldest event that is not published has waited")
const waiting = gauge("events_waiting", "Events that the bus refused or did not take, and that are tried again")
const dead = gauge("events_dead", "Events that are tried no more, each holding up its customer's later ones")
const parked = gauge("messages_parked", "Messages of other services that wait for their customer to appear")
const letters = gauge("messages_dead_letters", "Messages of other services that were given up")

/** Brings the gauges of what waits, and of what is dead, up to date. */
export const measureBacklog = Effect.gen(function* () {
  const journal = yield* EventJournal
  const inbox = yield* Inbox
  const status = yield* journal.status
  const counts = yield* inbox.counts
  const now = yield* Clock.currentTimeMillis
  const since = status.oldestAt === undefined ? 0 : (now - status.oldestAt.epochMilliseconds) / 1000
  yield* Metric.update(unpublished, status.unpublished)
  yield* Metric.update(oldest, Math.max(0, since))
  yield* Metric.update(waiting, status.waiting)
  yield* Metric.update(dead, status.dead)
  yield* Metric.update(parked, counts.parked)
  yield* Metric.update(letters, counts.dead)
})
