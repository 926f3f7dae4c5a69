import { Cause, Clock, Effect, Metric, Option, Random, Semaphore } from "effect"
import { CacheUpkeep } from "../customer/CacheUpkeep.ts"
import { BusUnavailable, EventPublisher, type EventRefused } from "./EventPublisher.ts"
import { type Claim, type ClaimedEvent, type Delay, Outbox, type Refusal, type Settlement } from "./Outbox.ts"
import { RelayPolicy } from "./RelayPolicy.ts"

const sent = Metric.counter("customer_events_published_total", { description: "Events that the bus took" })
const refusals = Metric.counter("customer_events_refused_total", { description: "Times that the bus refused an event" })
const outages = Metric.counter("customer_bus_outages_total", { description: "Times that the bus was found away" })

/** What happened to the events of a claim that were tried. */
interface Outcome {
  readonly event: ClaimedEvent
  readonly failure?: BusUnavailable | EventRefused | undefined
}

/** What one round of a relay came to: nothing was due, the bus is away, or so many events went out. */
export type Round =
  | { readonly _tag: "Idle" }
  | { readonly _tag: "Away" }
  | { readonly _tag: "Relayed"; readonly count: number }

const chainOf = ({ customerId, position }: ClaimedEvent): string => customerId ?? position

/**
 * The events in rounds, each holding at most one of a customer: those of one round may go out in any order. A
 * customer's next is in a later round than what came before it.
 */
const roundsOf = (events: ReadonlyArray<ClaimedEvent>): ReadonlyArray<ReadonlyArray<ClaimedEvent>> => {
  const depth = new Map<string, number>()
  const rounds: Array<Array<ClaimedEvent>> = []
  for (const event of events) {
    const round = depth.get(chainOf(event)) ?? 0
    depth.set(chainOf(event), round + 1)
    const members = rounds[round] ?? []
    rounds[round] = members
    members.push(event)
  }
  return rounds
}

/** Publishes a claim's events; a customer's next goes out only after the one before it, and in good time. */
const publishAll = Effect.fnUntraced(function* (claim: Claim, deadline: number) {
  const publisher = yield* EventPublisher
  const clock = yield* Clock.Clock
  const outcomes: Array<Outcome> = []
  const stuck = new Set<string>()
  for (const round of roundsOf(claim.events)) {
    const ready = round.filter((event) => !stuck.has(chainOf(event)))
    // What would go out after the lease may go out twice, and behind what came later.
    if (ready.length === 0 || clock.currentTimeMillisUnsafe() > deadline) break
    const publications = yield* publisher.publish(ready)
    for (const [index, event] of ready.entries()) {
      const failure = publications[index]?.failure
      outcomes.push({ event, failure })
      if (failure !== undefined) stuck.add(chainOf(event))
    }
  }
  return outcomes
})

/** Seconds until something is tried again: twice as long each time up to a minute, and never two at the same moment. */
const backoff = (tries: number) =>
  Effect.map(Random.nextBetween(0.5, 1), (jitter) => Math.min(60, 0.5 * 2 ** Math.min(tries, 10)) * jitter)

const isRefusal = (failure: BusUnavailable | EventRefused): failure is EventRefused => failure._tag === "EventRefused"
const isDelay = (failure: Outcome["failure"]): failure is BusUnavailable => failure?._tag === "BusUnavailable"

const refusalOf = Effect.fnUntraced(function* (event: ClaimedEvent, reason: string) {
  const { envelope, position, topic } = event
  const { mostRefusals } = yield* RelayPolicy
  yield* Metric.update(refusals, 1)
  const isDead = event.refusals + 1 >= mostRefusals
  yield* Effect.logWarning(isDead ? "An event was refused for good" : "An event was refused").pipe(
    Effect.annotateLogs({ eventId: envelope.eventId, topic, reason, refusals: event.refusals + 1 })
  )
  return { position, reason, retrySeconds: isDead ? undefined : yield* backoff(event.refusals) } satisfies Refusal
})

/** Seconds for which an event waits at most while nothing comes through: another one tells then whether the bus is back. */
const shortWait = 1

/** What to write of a round. */
const settlementOf = Effect.fnUntraced(function* (outcomes: ReadonlyArray<Outcome>) {
  const isThrough = outcomes.some(({ failure }) => !isDelay(failure))
  const published: Array<string> = []
  const refused: Array<Refusal> = []
  const delayed: Array<Delay> = []
  for (const { event, failure } of outcomes) {
    const { position, waits } = event
    if (failure === undefined) published.push(position)
    else if (isRefusal(failure)) refused.push(yield* refusalOf(event, failure.reason))
    else {
      const seconds = yield* backoff(waits)
      delayed.push({ position, retrySeconds: isThrough ? seconds : Math.min(shortWait, seconds) })
    }
  }
  return { published, refused, delayed } satisfies Settlement
})

/** The versions that the events of a claim tell of: a cached customer must be no older. */
const reachedBy = (events: ReadonlyArray<ClaimedEvent>) => {
  const reached = new Map(
    events.flatMap(({ customerId, customerVersion }) =>
      customerId === undefined ? [] : [[customerId, customerVersion] as const]
    )
  )
  return [...reached].map(([customerId, version]) => ({ customerId, version }))
}

/**
 * Whether failures show that the bus was away. One event alone that the bus does not take, again and again, is no sign
 * where others come through.
 */
const showsOutage = (outcomes: ReadonlyArray<Outcome>): boolean => {
  const delayed = outcomes.filter(({ failure }) => isDelay(failure))
  return delayed.length > 0 && (delayed.length === outcomes.length || delayed.some(({ event }) => event.waits === 0))
}

/** What the relays of one process know of the bus together. */
interface Watch {
  isAway: boolean
  /** Held in part by whoever publishes, and whole by whoever has the bus suspected. */
  readonly publishing: Semaphore.Semaphore
}

const suspectBus = Effect.fnUntraced(function* (watch: Watch, workers: number, reason: string) {
  if (watch.isAway) return
  watch.isAway = true
  const outbox = yield* Outbox
  const { resendWindowSeconds } = yield* RelayPolicy
  yield* Metric.update(outages, 1)
  const again = yield* watch.publishing.withPermits(workers)(outbox.suspect(resendWindowSeconds))
  yield* Effect.logWarning("The event bus is away; events wait until it is back").pipe(
    Effect.annotateLogs({ reason, sentAgain: again })
  )
})

const returned = (watch: Watch) =>
  Effect.suspend(() => {
    if (!watch.isAway) return Effect.void
    watch.isAway = false
    return Effect.logInfo("The event bus is back")
  })

const relayClaim = Effect.fnUntraced(function* (claim: Claim, deadline: number) {
  const outbox = yield* Outbox
  const upkeep = yield* CacheUpkeep
  const outcomes = yield* publishAll(claim, deadline)
  yield* upkeep.catchUp(reachedBy(claim.events))
  const settlement = yield* settlementOf(outcomes)
  yield* outbox.settle(claim, settlement)
  yield* Metric.update(sent, settlement.published.length)
  return { outcomes, count: settlement.published.length }
})

const nothing: Round = { _tag: "Idle" }

const round = Effect.fnUntraced(function* (watch: Watch) {
  const outbox = yield* Outbox
  const { batch, leaseSeconds, workers } = yield* RelayPolicy
  const began = yield* Clock.currentTimeMillis
  // While the bus is away one event tells whether it is back.
  const most = watch.isAway ? 1 : batch
  const relayed = yield* watch.publishing.withPermits(1)(
    Effect.gen(function* () {
      const claim = yield* outbox.claim({ most, leaseSeconds })
      return Option.isNone(claim) ? undefined : yield* relayClaim(claim.value, began + (leaseSeconds * 1000) / 2)
    })
  )
  if (relayed === undefined) return nothing
  const failure = relayed.outcomes.find((outcome) => isDelay(outcome.failure))?.failure
  if (showsOutage(relayed.outcomes)) yield* suspectBus(watch, workers, failure?.reason ?? "")
  if (relayed.count === 0 && failure !== undefined) return { _tag: "Away" } satisfies Round
  yield* returned(watch)
  return { _tag: "Relayed", count: relayed.count } satisfies Round
})

const makeWatch = Effect.map(RelayPolicy, ({ workers }): Watch => ({
  isAway: false,
  publishing: Semaphore.makeUnsafe(workers)
}))

/** Relays what is due until nothing is, or until the bus is away; answers how many events went out. */
export const drain = Effect.fn("RelayEvents.drain")(function* () {
  const watch = yield* makeWatch
  let count = 0
  while (true) {
    const next = yield* round(watch)
    if (next._tag === "Relayed") count += next.count
    else return { count, isAway: next._tag === "Away" }
  }
})

/** Seconds between two looks whether the bus is back. */
const longestPause = 5

const work = Effect.fnUntraced(function* (watch: Watch) {
  const outbox = yield* Outbox
  let failures = 0
  while (true) {
    const next = yield* Effect.catchCause(round(watch), (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause as Cause.Cause<never>)
        : Effect.as(Effect.logWarning("Events could not be relayed; they are tried again", Cause.squash(cause)), {
            _tag: "Away"
          } satisfies Round)
    )
    failures = next._tag === "Away" ? failures + 1 : 0
    if (next._tag === "Idle") yield* outbox.untilChanged
    if (next._tag === "Away") yield* Effect.sleep(`${Math.min(longestPause, yield* backoff(failures - 2))} seconds`)
  }
})

/** Relays events as they are written, for as long as it runs; several processes share the work. */
export const run = Effect.gen(function* () {
  const { workers } = yield* RelayPolicy
  const watch = yield* makeWatch
  return yield* Effect.all(
    Array.from({ length: workers }, () => work(watch)),
    { concurrency: "unbounded", discard: true }
  )
})
