import { Clock, Effect, Layer, Option, DateTime } from "effect"
import { CustomerMemory, type EventState } from "../customer/CustomerMemory.ts"
import type { OutboxEvent } from "./EventEnvelope.ts"
import { type DeadEvent, EventJournal } from "./EventJournal.ts"
import { type Claim, Outbox } from "./Outbox.ts"

const idOf = ({ envelope }: OutboxEvent): string => envelope.eventId

/** Whose turn an event waits for: its customer's, or its own where it is nobody's. */
const orderOf = (event: OutboxEvent): string => event.customerId ?? idOf(event)

interface Lease {
  readonly claim: Claim
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** One relay holds all that is due at a time, as if there were one partition. */
const partition = 0

const pollingInterval = "20 millis"

const makeOutbox = Effect.gen(function* () {
  const { events, eventStates } = yield* CustomerMemory
  const clock = yield* Clock.Clock
  let lease: Lease | undefined
  let claims = 0
  /** How many events there were when somebody looked last whether anything is due. */
  let looked = 0

  const now = () => clock.currentTimeMillisUnsafe()
  const stateOf = (event: OutboxEvent): EventState => eventStates.get(idOf(event)) ?? {}
  const isOpen = ({ isDropped, publishedAt }: EventState) => publishedAt === undefined && isDropped !== true

  const due = (): ReadonlyArray<OutboxEvent> => {
    const heldBack = new Set<string>()
    return events.filter((event) => {
      const state = stateOf(event)
      if (!isOpen(state)) return false
      const waits = state.deadSince !== undefined || (state.retryAt ?? 0) > now()
      if (waits) heldBack.add(orderOf(event))
      return !heldBack.has(orderOf(event))
    })
  }

  const isMine = (claim: Claim): boolean => lease?.claim.ticket === claim.ticket && lease.until > now()

  /** What was dropped while it was on its way stays dropped, whatever became of it. */
  const change = (id: string, changes: (state: EventState) => EventState): void => {
    const before = eventStates.get(id) ?? {}
    const after = changes(before)
    eventStates.set(id, before.isDropped === true ? { isDropped: true, publishedAt: after.publishedAt } : after)
  }

  return Outbox.of({
    claim: ({ leaseSeconds, most }) =>
      Effect.sync(() => {
        looked = events.length
        if (lease !== undefined && lease.until > now()) return Option.none()
        const taken = due().slice(0, most)
        if (taken.length === 0) return Option.none()
        claims += 1
        const claim: Claim = {
          ticket: `${claims}`,
          partition,
          events: taken.map((event) => {
            const { refusals = 0, waits = 0 } = stateOf(event)
            return { ...event, position: idOf(event), refusals, waits }
          })
        }
        lease = { claim, until: now() + leaseSeconds * 1000 }
        return Option.some(claim)
      }),
    settle: (claim, { delayed, published, refused }) =>
      Effect.sync(() => {
        if (!isMine(claim)) return
        lease = undefined
        for (const id of published) change(id, () => ({ publishedAt: now() }))
        for (const { position, reason, retrySeconds } of refused) {
          change(position, ({ refusals = 0, waits = 0 }) => ({
            refusals: refusals + 1,
            waits,
            reason,
            ...(retrySeconds === undefined ? { deadSince: now() } : { retryAt: now() + retrySeconds * 1000 })
          }))
        }
        for (const { position, retrySeconds } of delayed) {
          change(position, (state) => ({
            ...state,
            waits: (state.waits ?? 0) + 1,
            retryAt: now() + retrySeconds * 1000
          }))
        }
      }),
    isMine: (claim) => Effect.sync(() => isMine(claim)),
    suspect: (windowSeconds, secondsAgo = 0) =>
      Effect.sync(() => {
        lease = undefined
        const last = events.reduce((latest, event) => Math.max(latest, stateOf(event).publishedAt ?? 0), 0)
        const from = Math.min(last, now() - secondsAgo * 1000) - windowSeconds * 1000
        const again = events.filter((event) => {
          const { isDropped, publishedAt = -Infinity } = stateOf(event)
          return isDropped !== true && publishedAt >= from
        })
        for (const event of again) eventStates.delete(idOf(event))
        return again.length
      }),
    untilChanged: Effect.suspend(() => {
      const look: Effect.Effect<void> = Effect.suspend(() =>
        events.length > looked ? Effect.void : Effect.andThen(Effect.sleep(pollingInterval), look)
      )
      return Effect.asVoid(Effect.timeoutOption(look, "1 second"))
    })
  })
})

const makeJournal = Effect.gen(function* () {
  const { events, eventStates } = yield* CustomerMemory

  const stateOf = (event: OutboxEvent): EventState => eventStates.get(idOf(event)) ?? {}

  const deadEvents = (): ReadonlyArray<DeadEvent> =>
    events.flatMap((event): ReadonlyArray<DeadEvent> => {
      const { deadSince, reason = "", refusals = 0 } = stateOf(event)
      if (deadSince === undefined) return []
      const { customerId, topic } = event
      return [{ eventId: idOf(event), topic, customerId, reason, refusals, since: DateTime.makeUnsafe(deadSince) }]
    })

  const settleDead = (eventId: string, state: EventState | undefined): boolean => {
    if (eventStates.get(eventId)?.deadSince === undefined) return false
    if (state === undefined) eventStates.delete(eventId)
    else eventStates.set(eventId, state)
    return true
  }

  return EventJournal.of({
    status: Effect.sync(() => {
      const open = events.filter((event) => stateOf(event).publishedAt === undefined && !stateOf(event).isDropped)
      const publications = events.flatMap((event) => stateOf(event).publishedAt ?? [])
      const oldest = open[0]
      return {
        unpublished: open.length,
        ...(oldest === undefined ? {} : { oldestAt: DateTime.makeUnsafe(oldest.envelope.timestamp) }),
        waiting: open.filter((event) => stateOf(event).retryAt !== undefined).length,
        dead: deadEvents().length,
        ...(publications.length === 0 ? {} : { lastPublishedAt: DateTime.makeUnsafe(Math.max(...publications)) })
      }
    }),
    dead: (most) =>
      Effect.sync(() =>
        deadEvents()
          .toSorted((one, other) => one.since.epochMilliseconds - other.since.epochMilliseconds)
          .slice(0, most)
      ),
    findDead: (eventId) =>
      Effect.sync(() => Option.fromNullishOr(deadEvents().find((event) => event.eventId === eventId))),
    retry: (eventId) => Effect.sync(() => settleDead(eventId, undefined)),
    drop: (eventId) => Effect.sync(() => settleDead(eventId, { isDropped: true })),
    replay: ({ customerId, from, topic }, { dryRun }) =>
      Effect.sync(() => {
        const again = events.filter(
          (event) =>
            stateOf(event).publishedAt !== undefined &&
            stateOf(event).isDropped !== true &&
            DateTime.isGreaterThanOrEqualTo(DateTime.makeUnsafe(event.envelope.timestamp), from) &&
            (topic === undefined || event.topic === topic) &&
            (customerId === undefined || event.customerId === customerId)
        )
        if (!dryRun) for (const event of again) eventStates.delete(idOf(event))
        return again.length
      })
  })
})

/** The events of the customers in memory, on their way out and for those who look after them. */
export const layerMemory: Layer.Layer<Outbox | EventJournal, never, CustomerMemory> = Layer.mergeAll(
  Layer.effect(Outbox, makeOutbox),
  Layer.effect(EventJournal, makeJournal)
)
