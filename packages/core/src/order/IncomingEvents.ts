import { Context, DateTime, Effect, Metric, Option } from "effect"
import { CacheUpkeep } from "../customer/CacheUpkeep.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { type Delivery, type Fate, Inbox, type Restating, type Undeliverable } from "../event/Inbox.ts"
import * as StandingDecisions from "../segment/StandingDecisions.ts"
import { CurrentActor, itself } from "../request/Actor.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"
import { giveUp, givenUp, type IncomingMessage, readMessage, unprocessable } from "./IncomingMessage.ts"
import { kindOf } from "../value/kindOf.ts"

/** Hours for which a message waits for its customer to appear. */
export const ParkedHours = Context.Reference<number>("@customer-service/core/ParkedHours", { defaultValue: () => 24 })

const received = {
  applied: Metric.counter("customer_messages_applied_total", { description: "Messages that changed something" }),
  known: Metric.counter("customer_messages_known_total", { description: "Messages that were applied before" }),
  parked: Metric.counter("customer_messages_parked_total", { description: "Messages that wait for their customer" }),
  dead: Metric.counter("customer_messages_dead_total", { description: "Messages that were given up" })
}

const restating = Effect.gen(function* () {
  const policy = yield* StandingPolicy
  const now = yield* DateTime.now
  const hours = yield* ParkedHours
  return {
    policy,
    restate: (customer, record, figures) => StandingDecisions.restate(customer, record, figures, policy, now),
    parkedUntil: DateTime.add(now, { hours })
  } satisfies Restating
})

const take = Effect.fnUntraced(
  function* (messages: ReadonlyArray<Delivery | Undeliverable>) {
    const inbox = yield* Inbox
    const upkeep = yield* CacheUpkeep
    // A process that is told to stop must not part a commit from its puts.
    const { fates } = yield* Effect.uninterruptible(
      Effect.tap(inbox.receive(messages, yield* restating), ({ customers }) => upkeep.note(customers))
    )
    yield* Effect.forEach(fates, (fate) => Metric.update(received[fate], 1), { discard: true })
    return fates
  },
  Effect.provideService(CurrentActor, itself("events"))
)

/**
 * Takes in messages of other services, all or none; answers what became of each, in order. Fails with
 * `StorageUnavailable` where they have to be delivered again.
 */
export const receive = Effect.fn("IncomingEvents.receive")(function* (messages: ReadonlyArray<IncomingMessage>) {
  const { defaultCurrency } = yield* CustomerPolicy
  const now = yield* DateTime.now
  return yield* take(messages.map((message) => readMessage(message, defaultCurrency, now)))
})

/** Keeps messages that the bus gave up delivering as dead letters, each under the topic it was published on. */
export const receiveUndelivered = Effect.fn("IncomingEvents.receiveUndelivered")(function* (
  messages: ReadonlyArray<IncomingMessage>
) {
  return yield* take(messages.map(givenUp))
})

/** So many parked messages are taken up at a time. */
const together = 100

/** Keeps messages at which this service breaks as dead letters: they must not hold up others. */
export const receiveBroken = Effect.fn("IncomingEvents.receiveBroken")(function* (
  messages: ReadonlyArray<IncomingMessage>
) {
  return yield* take(messages.map(unprocessable))
})

interface Parked {
  readonly message: IncomingMessage
  readonly isOver: boolean
}

const takeParked = Effect.fnUntraced(function* (parked: ReadonlyArray<Parked>) {
  const { defaultCurrency } = yield* CustomerPolicy
  const now = yield* DateTime.now
  yield* take(
    parked.map(({ isOver, message }) => (isOver ? giveUp(message) : readMessage(message, defaultCurrency, now)))
  )
})

/** Takes each by itself, so that one that cannot be written keeps nobody else's waiting. */
const takeEach = (parked: ReadonlyArray<Parked>, defect: unknown) =>
  Effect.andThen(
    Effect.logError("A parked message cannot be applied").pipe(Effect.annotateLogs({ kind: kindOf(defect) })),
    Effect.forEach(
      parked,
      (one) =>
        Effect.catchDefect(takeParked([one]), () =>
          Effect.catchDefect(Effect.asVoid(receiveBroken([one.message])), () => Effect.void)
        ),
      { discard: true }
    )
  )

/** Applies parked messages whose customer has appeared, and gives up those whose time is over; answers how many. */
export const receiveParked = Effect.fn("IncomingEvents.receiveParked")(function* () {
  const inbox = yield* Inbox
  const due = yield* inbox.dueParked(together)
  if (due.length === 0) return 0
  const parked = due.map(({ eventId: id, isOver, message: data, topic }) => ({ isOver, message: { id, topic, data } }))
  yield* Effect.catchDefect(takeParked(parked), (defect) => takeEach(parked, defect))
  return due.length
})

/** Tries a dead letter once more; answers what became of it, undefined where there is none of this id. */
export const receiveAgain = Effect.fn("IncomingEvents.receiveAgain")(function* (deadLetterId: string) {
  const inbox = yield* Inbox
  const letter = Option.getOrUndefined(yield* inbox.findDead(deadLetterId))
  if (letter === undefined) return undefined
  const [fate] = yield* receive([{ id: letter.eventId, topic: letter.topic, data: letter.message }])
  return fate satisfies Fate | undefined
})
