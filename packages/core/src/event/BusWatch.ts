import { Clock, Effect, Metric, Semaphore } from "effect"
import { isDelay, type Outcome } from "./claimRounds.ts"
import { Outbox } from "./Outbox.ts"
import { RelayPolicy } from "./RelayPolicy.ts"

const outages = Metric.counter("customer_bus_outages_total", { description: "Times that the bus was found away" })

/** Why, and since when (milliseconds since the epoch), the bus may have lost what it had taken. */
interface Suspicion {
  readonly reason: string
  readonly since: number
}

/** What the relays of one process know of the bus together. */
export interface BusWatch {
  isAway: boolean
  /** Undefined once what the bus may have lost is due again. */
  suspicion: Suspicion | undefined
  /** Events that showed an outage, by position, for as long as they have not come through. */
  readonly witnesses: Set<string>
  /** Held in part by whoever publishes, and whole by whoever has the bus suspected. */
  readonly publishing: Semaphore.Semaphore
}

/** More witnesses than that are not remembered. */
const mostWitnesses = 10_000

export const makeWatch = Effect.map(RelayPolicy, ({ workers }): BusWatch => ({
  isAway: false,
  suspicion: undefined,
  witnesses: new Set(),
  publishing: Semaphore.makeUnsafe(workers)
}))

/**
 * The failure by which an outage shows: that of any event but one that showed an outage before. The same event again
 * may be one that the bus never takes, and must not have everything sent again each time it is tried.
 */
const signIn = ({ witnesses }: BusWatch, outcomes: ReadonlyArray<Outcome>) =>
  outcomes.find(({ event, failure }) => isDelay(failure) && !witnesses.has(event.position))?.failure

const remember = ({ witnesses }: BusWatch, outcomes: ReadonlyArray<Outcome>): void => {
  if (witnesses.size >= mostWitnesses) witnesses.clear()
  for (const { event, failure } of outcomes) if (isDelay(failure)) witnesses.add(event.position)
}

/** A claim that was worked on: when that began (milliseconds since the epoch), and whether the bus was away then. */
export interface Attempt {
  readonly began: number
  readonly wasAway: boolean
}

/** Takes in what came of a claim, by which it is known whether the bus is away; answers whether it has come back. */
export const notice = (watch: BusWatch, outcomes: ReadonlyArray<Outcome>, { began, wasAway }: Attempt): boolean => {
  const through = outcomes.filter(({ failure }) => !isDelay(failure))
  for (const { event } of through) watch.witnesses.delete(event.position)
  const sign = watch.isAway ? undefined : signIn(watch, outcomes)
  if (sign !== undefined) {
    watch.isAway = true
    watch.suspicion = { reason: sign.reason, since: began }
    remember(watch, outcomes)
  }
  const isBack = watch.isAway && wasAway && through.length > 0
  if (isBack) watch.isAway = false
  return isBack
}

const suspect = Effect.fnUntraced(function* (watch: BusWatch) {
  const { suspicion } = watch
  if (suspicion === undefined) return
  const outbox = yield* Outbox
  const { resendWindowSeconds } = yield* RelayPolicy
  // Others may have published since then, if the bus was back at once: the window begins before all of that.
  const passed = Math.ceil(((yield* Clock.currentTimeMillis) - suspicion.since) / 1000)
  const again = yield* outbox.suspect(resendWindowSeconds + passed)
  watch.suspicion = undefined
  yield* Metric.update(outages, 1)
  yield* Effect.logWarning("The event bus is away; events wait until it is back").pipe(
    Effect.annotateLogs({ reason: suspicion.reason, sentAgain: again })
  )
})

/** Has what the bus may have lost sent again, once nobody publishes; nobody may publish again before it is done. */
export const clearSuspicion = Effect.fnUntraced(function* (watch: BusWatch) {
  if (watch.suspicion === undefined) return
  const { workers } = yield* RelayPolicy
  yield* watch.publishing.withPermits(workers)(suspect(watch))
})
