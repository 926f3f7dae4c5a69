import { Clock, Effect, Option } from "effect"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import { kindOf } from "../value/kindOf.ts"
import { BusUnavailable, EventPublisher, type EventRefused } from "./EventPublisher.ts"
import type { Claim, ClaimedEvent } from "./Outbox.ts"

/** What became of an event of a claim that was tried: published where `failure` is undefined. */
export interface Outcome {
  readonly event: ClaimedEvent
  readonly failure?: BusUnavailable | EventRefused | undefined
}

/** Whether the bus did not take an event for no fault of the event's own. */
export const isDelay = (failure: Outcome["failure"]): failure is BusUnavailable => failure?._tag === "BusUnavailable"

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

/** So many events tell whether a bus is back that was away. */
const mostProbes = 4

/**
 * Events that tell whether the bus is back: of different customers, and those first that have been tried least. It may
 * be back for all but some, and these must not be all that is tried.
 */
export const probesOf = (events: ReadonlyArray<ClaimedEvent>): ReadonlyArray<ClaimedEvent> =>
  (roundsOf(events)[0] ?? []).toSorted((one, other) => one.waits - other.waits).slice(0, mostProbes)

const unanswered = new BusUnavailable({ reason: "the publisher did not answer" })

/** Publishes one round within `millis`. A publisher that breaks, or answers for too few, has published nothing. */
const publishRound = Effect.fnUntraced(function* (events: ReadonlyArray<ClaimedEvent>, millis: number) {
  const publisher = yield* EventPublisher
  const publications = yield* publisher.publish(events).pipe(
    Effect.timeoutOption(millis),
    Effect.catchDefect((defect) =>
      Effect.logError("The publisher of events broke").pipe(
        Effect.annotateLogs({ kind: kindOf(defect) }),
        Effect.as(Option.none())
      )
    )
  )
  return events.map((event, index): Outcome => {
    const publication = Option.isSome(publications) ? publications.value[index] : undefined
    return { event, failure: publication === undefined ? unanswered : publication.failure }
  })
})

/** For how long a claim is one relay's, and whether it may still publish. */
export interface Lease {
  /** Milliseconds since the epoch. */
  readonly began: number
  readonly seconds: number
  readonly maySend: () => boolean
  /** Whether the claim is this relay's still: somebody else may have found the bus away and ended it. */
  readonly isMine: Effect.Effect<boolean, StorageUnavailable>
}

/**
 * Publishes events of a claim; a customer's next goes out only after the one before it. Adds to `outcomes` as it goes
 * on, so that they are known to whoever interrupts it.
 */
export const publishInRounds = Effect.fnUntraced(function* (
  events: Claim["events"],
  { began, isMine, maySend, seconds }: Lease,
  outcomes: Array<Outcome>
) {
  const clock = yield* Clock.Clock
  const stuck = new Set<string>()
  for (const [index, round] of roundsOf(events).entries()) {
    const ready = round.filter((event) => !stuck.has(chainOf(event)))
    const left = began + seconds * 1000 - clock.currentTimeMillisUnsafe()
    // What would go out after the lease may go out twice, and behind what came later.
    if (ready.length === 0 || left < seconds * 500 || !maySend()) return
    if (index > 0 && !(yield* isMine)) return
    const tried = yield* publishRound(ready, left)
    outcomes.push(...tried)
    for (const { event, failure } of tried) if (failure !== undefined) stuck.add(chainOf(event))
  }
})
