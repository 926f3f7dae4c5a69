import { type DateTime, Effect, Option } from "effect"
import * as IncomingEvents from "../order/IncomingEvents.ts"
import { EventJournal } from "./EventJournal.ts"
import { Inbox } from "./Inbox.ts"

/**
 * An event of ours that the bus refused for good (`outgoing`, named by its event id), or a message of another service
 * that can never be applied (`incoming`, named by its dead letter's id).
 */
export interface GivenUp {
  readonly id: string
  readonly direction: "incoming" | "outgoing"
  readonly topic: string
  readonly eventId: string
  readonly customerId?: string | undefined
  readonly reason: string
  readonly since: DateTime.Utc
}

/** What is dead in both directions, oldest first, up to `most` of each. */
export const list = Effect.fn("DeadLetters.list")(function* (most: number) {
  const journal = yield* EventJournal
  const inbox = yield* Inbox
  const outgoing = (yield* journal.dead(most)).map((event): GivenUp => ({
    id: event.eventId,
    direction: "outgoing",
    topic: event.topic,
    eventId: event.eventId,
    customerId: event.customerId,
    reason: event.reason,
    since: event.since
  }))
  const incoming = (yield* inbox.dead(most)).map(({ detail, eventId, id, reason, since, topic }): GivenUp => ({
    id,
    direction: "incoming",
    topic,
    eventId,
    reason: `${reason}: ${detail}`,
    since
  }))
  return [...outgoing, ...incoming].toSorted(
    (one, other) => one.since.epochMilliseconds - other.since.epochMilliseconds
  )
})

/**
 * Tries what is dead once more: an event of ours is due again, a message is applied. Answers what became of it;
 * `missing` where nothing dead has this id.
 */
export const retry = Effect.fn("DeadLetters.retry")(function* (id: string) {
  const journal = yield* EventJournal
  if (yield* journal.retry(id)) return "due" as const
  return (yield* IncomingEvents.receiveAgain(id)) ?? "missing"
})

/** Gives up what is dead for good; answers whether there was anything of this id. */
export const drop = Effect.fn("DeadLetters.drop")(function* (id: string) {
  const journal = yield* EventJournal
  const inbox = yield* Inbox
  return (yield* journal.drop(id)) || (yield* inbox.dropDead(id))
})

/** Whether something dead has this id. */
export const isThere = Effect.fn("DeadLetters.isThere")(function* (id: string) {
  const journal = yield* EventJournal
  const inbox = yield* Inbox
  return Option.isSome(yield* journal.findDead(id)) || Option.isSome(yield* inbox.findDead(id))
})
