import { Cause, Clock, Effect, Metric, Option } from "effect"
import { kindOf } from "../value/kindOf.ts"
import { CacheUpkeep } from "../customer/CacheUpkeep.ts"
import { type Attempt, type BusWatch, clearSuspicion, makeWatch, notice } from "./BusWatch.ts"
import { type Outcome, probesOf, publishInRounds } from "./claimRounds.ts"
import { type Claim, type ClaimedEvent, Outbox } from "./Outbox.ts"
import { RelayPolicy } from "./RelayPolicy.ts"
import { backoff, settlementOf } from "./settlementOf.ts"

const sent = Metric.counter("customer_events_published_total", { description: "Events that the bus took" })

/** What one round of a relay came to: nothing was due, the bus is away, or so many events went out. */
type Round =
  | { readonly _tag: "Idle" }
  | { readonly _tag: "Away" }
  | { readonly _tag: "Relayed"; readonly count: number }

/** The versions that the events of a claim tell of: a cached customer must be no older. */
const reachedBy = (events: ReadonlyArray<ClaimedEvent>) => {
  const reached = new Map(
    events.flatMap(({ customerId, customerVersion }) =>
      customerId === undefined ? [] : [[customerId, customerVersion] as const]
    )
  )
  return [...reached].map(([customerId, version]) => ({ customerId, version }))
}

const catchUpCache = Effect.fnUntraced(function* (events: ReadonlyArray<ClaimedEvent>) {
  const upkeep = yield* CacheUpkeep
  yield* Effect.catchDefect(upkeep.catchUp(reachedBy(events)), (defect) =>
    Effect.logError("The cache could not be caught up").pipe(Effect.annotateLogs({ kind: kindOf(defect) }))
  )
})

/** Writes what came of a claim, and gives the claim back. */
const conclude = Effect.fnUntraced(function* (
  claim: Claim,
  outcomes: ReadonlyArray<Outcome>,
  watch: BusWatch,
  attempt: Attempt
) {
  const outbox = yield* Outbox
  if (notice(watch, outcomes, attempt)) yield* Effect.logInfo("The event bus is back")
  yield* catchUpCache(claim.events)
  const settlement = yield* settlementOf(outcomes, watch.isAway)
  yield* outbox.settle(claim, settlement)
  yield* Metric.update(sent, settlement.published.length)
  const round: Round = watch.isAway ? { _tag: "Away" } : { _tag: "Relayed", count: settlement.published.length }
  return round
})

/** Publishes a claim. Whoever is interrupted says what went out already, and leaves the rest to others at once. */
const relayClaim = Effect.fnUntraced(function* (claim: Claim, began: number, watch: BusWatch) {
  const { leaseSeconds: seconds } = yield* RelayPolicy
  const attempt: Attempt = { began, wasAway: watch.isAway }
  const outcomes: Array<Outcome> = []
  const tried = attempt.wasAway ? probesOf(claim.events) : claim.events
  // Where another relay has found the bus away meanwhile, what it may have lost goes first.
  const maySend = () => watch.suspicion === undefined
  const outbox = yield* Outbox
  const publishing = publishInRounds(tried, { began, seconds, maySend, isMine: outbox.isMine(claim) }, outcomes)
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.exit(restore(publishing)), (exit) =>
      Effect.tap(conclude(claim, outcomes, watch, attempt), () => exit)
    )
  )
})

const idle: Round = { _tag: "Idle" }

const relayNext = Effect.fnUntraced(function* (watch: BusWatch) {
  const outbox = yield* Outbox
  const { batch, leaseSeconds } = yield* RelayPolicy
  const began = yield* Clock.currentTimeMillis
  const claim = yield* outbox.claim({ most: batch, leaseSeconds })
  return Option.isNone(claim) ? idle : yield* relayClaim(claim.value, began, watch)
})

const round = Effect.fnUntraced(function* (watch: BusWatch) {
  yield* clearSuspicion(watch)
  const next = yield* watch.publishing.withPermits(1)(relayNext(watch))
  yield* clearSuspicion(watch)
  return next
})

/** Relays what is due until nothing is, or until the bus is away; answers how many events went out. */
export const drain = Effect.fn("RelayEvents.drain")(function* () {
  const watch = yield* makeWatch
  let count = 0
  let timesAway = 0
  // The first time may be the fault of one event: another one tells then whether the bus is away.
  while (timesAway < 2) {
    const next = yield* round(watch)
    if (next._tag === "Idle") break
    if (next._tag === "Relayed") count += next.count
    timesAway = next._tag === "Away" ? timesAway + 1 : 0
  }
  return { count, isAway: watch.isAway }
})

/** Seconds between two looks whether the bus is back. */
const longestPause = 5

const turn = Effect.fnUntraced(function* (watch: BusWatch) {
  const outbox = yield* Outbox
  const next = yield* round(watch)
  if (next._tag === "Idle") yield* outbox.untilChanged
  return next._tag
})

const failed = (cause: Cause.Cause<unknown>) =>
  Effect.logWarning("Events could not be relayed; they are tried again").pipe(
    Effect.annotateLogs({ kind: kindOf(Cause.squash(cause)) }),
    Effect.as("Away" as const)
  )

const work = Effect.fnUntraced(function* (watch: BusWatch) {
  let failures = 0
  while (true) {
    const came = yield* Effect.catchCause(turn(watch), failed)
    failures = came === "Away" ? failures + 1 : 0
    if (came === "Away") yield* Effect.sleep(`${Math.min(longestPause, yield* backoff(failures - 2))} seconds`)
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
