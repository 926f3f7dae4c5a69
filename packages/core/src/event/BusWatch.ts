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
  /** Until when, in milliseconds since the epoch, no other outage is seen; and for how long that was (milliseconds). */
  restsUntil: number
  restMillis: number
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
  restsUntil: 0,
  restMillis: 0,
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
    remember(watch, outcomes)
    const isSeen = began >= watch.restsUntil
    if (isSeen) watch.suspicion = { reason: sign.reason, since: began }
    // One event that comes through shows that the bus is there, whatever becomes of others.
    watch.isAway = isSeen || through.length === 0
  }
  const isBack = watch.isAway && wasAway && through.length > 0
  if (isBack) watch.isAway = false
  return isBack
}

/** The longest time, in milliseconds, in which no other outage is seen; after twice as long without one it is short again. */
const longestRest = 300_000

/**
 * What is sent again counts as just published: were that within the window of the next suspicion too, a bus that fails
 * now and then, or for one topic, would have the same sent again and again.
 */
const rest = (watch: BusWatch, now: number, windowSeconds: number): void => {
  const shortest = 2000 * windowSeconds
  const isQuiet = now - watch.restsUntil > 2 * longestRest
  watch.restMillis = isQuiet ? shortest : Math.min(longestRest, Math.max(shortest, watch.restMillis * 2))
  watch.restsUntil = now + watch.restMillis
}

const suspect = Effect.fnUntraced(function* (watch: BusWatch) {
  const { suspicion } = watch
  if (suspicion === undefined) return
  const outbox = yield* Outbox
  const { resendWindowSeconds } = yield* RelayPolicy
  const now = yield* Clock.currentTimeMillis
  // Others may have published since then, if the bus was back at once: the window begins before all of that.
  const passed = Math.max(0, (now - suspicion.since) / 1000)
  const again = yield* outbox.suspect(resendWindowSeconds, passed)
  watch.suspicion = undefined
  rest(watch, now, resendWindowSeconds)
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
