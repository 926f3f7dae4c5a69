import { Context, type Effect, type Option } from "effect"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { OutboxEvent } from "./EventEnvelope.ts"

/** An event whose turn it is; `position` orders the events of a customer, `waits` counts how often it was put off. */
export interface ClaimedEvent extends OutboxEvent {
  readonly position: string
  /** How often the bus refused this very event so far. */
  readonly refusals: number
  readonly waits: number
}

/** Events that are one relay's for a while: all that are due of some customers, each customer's in order. */
export interface Claim {
  /** What shows, when the claim is settled, that it is still this relay's. */
  readonly ticket: string
  readonly partition: number
  readonly events: ReadonlyArray<ClaimedEvent>
}

/** The bus refused this very event: it is tried again in `retrySeconds`, or never where that is undefined. */
export interface Refusal {
  readonly position: string
  readonly reason: string
  readonly retrySeconds: number | undefined
}

/** The bus did not take this event, for no fault of its own. */
export interface Delay {
  readonly position: string
  readonly retrySeconds: number
}

/** What became of a claim; what is not named is due again at once. */
export interface Settlement {
  readonly published: ReadonlyArray<string>
  readonly refused: ReadonlyArray<Refusal>
  readonly delayed: ReadonlyArray<Delay>
}

/**
 * Events that were written with a change and wait to be published.
 *
 * MUSTs, each with a contract test of the same wording:
 * - events are claimed in the order of their customer's changes
 * - what was settled as published is not claimed again
 * - two that claim at once never hold events of the same customer
 * - a claim that nobody settled is claimed again after its lease
 * - a claim whose lease is over settles nothing
 * - a refused event is claimed again at its time, and later events of its customer not before
 * - a dead event keeps back its customer's later events, and nobody else's
 * - a delayed event is claimed again at its time and counts no refusal
 * - what was published within the window before the last publication is claimed again once the bus is suspected
 * - a claim of before the suspicion settles nothing, and is nobody's
 * - whoever waits for events is woken by one that is written
 */
export class Outbox extends Context.Service<
  Outbox,
  {
    /** Up to `most` events that are due, for `leaseSeconds`; none where nobody's are. */
    readonly claim: (options: {
      readonly most: number
      readonly leaseSeconds: number
    }) => Effect.Effect<Option.Option<Claim>, StorageUnavailable>
    /** Says what became of a claim and gives it back; nothing where it is somebody else's by now. */
    readonly settle: (claim: Claim, settlement: Settlement) => Effect.Effect<void, StorageUnavailable>
    /** Whether a claim is its holder's still. */
    readonly isMine: (claim: Claim) => Effect.Effect<boolean, StorageUnavailable>
    /**
     * The bus may have lost what it took last: whatever was published in the `windowSeconds` before the last
     * publication, or before the moment `secondsAgo` if that was sooner, is due again, and every claim is over. Answers
     * how many events that are.
     */
    readonly suspect: (windowSeconds: number, secondsAgo?: number) => Effect.Effect<number, StorageUnavailable>
    /** Ends when there may be something to claim, at the latest after a second. */
    readonly untilChanged: Effect.Effect<void>
  }
>()("@customer-service/core/Outbox") {}
