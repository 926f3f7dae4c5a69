import { Effect, Metric, Random } from "effect"
import { isDelay, type Outcome } from "./claimRounds.ts"
import type { ClaimedEvent, Delay, Refusal, Settlement } from "./Outbox.ts"
import { RelayPolicy } from "./RelayPolicy.ts"

const refusals = Metric.counter("customer_events_refused_total", { description: "Times that the bus refused an event" })

/** Seconds until something is tried again: twice as long each time up to a minute, and never two at the same moment. */
export const backoff = (tries: number) =>
  Effect.map(Random.nextBetween(0.5, 1), (jitter) => Math.min(60, 0.5 * 2 ** Math.min(tries, 10)) * jitter)

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

/** Seconds for which an event waits at most while the bus is away: it is one of those that tell whether it is back. */
const shortWait = 1

const delayOf = ({ position, waits }: ClaimedEvent, isAway: boolean) =>
  Effect.map(backoff(waits), (seconds): Delay => ({
    position,
    retrySeconds: isAway ? Math.min(shortWait, seconds) : seconds
  }))

/** What to write of a claim's outcomes. */
export const settlementOf = Effect.fnUntraced(function* (outcomes: ReadonlyArray<Outcome>, isAway: boolean) {
  const published: Array<string> = []
  const refused: Array<Refusal> = []
  const delayed: Array<Delay> = []
  for (const { event, failure } of outcomes) {
    if (failure === undefined) published.push(event.position)
    else if (isDelay(failure)) delayed.push(yield* delayOf(event, isAway))
    else refused.push(yield* refusalOf(event, failure.reason))
  }
  return { published, refused, delayed } satisfies Settlement
})
