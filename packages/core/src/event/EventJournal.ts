import { Context, type DateTime, type Effect, type Option } from "effect"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"

/** How the outbox is. */
export interface OutboxStatus {
  /** Events that are not published yet, those that wait included. */
  readonly unpublished: number
  /** When the oldest of them was written. */
  readonly oldestAt?: DateTime.Utc | undefined
  /** Events that the bus refused or did not take, and that are tried again. */
  readonly waiting: number
  /** Events that are tried no more, each holding up its customer's later ones. */
  readonly dead: number
  readonly lastPublishedAt?: DateTime.Utc | undefined
}

/** An event that the bus refused for good. */
export interface DeadEvent {
  readonly eventId: string
  readonly topic: string
  readonly customerId?: string | undefined
  readonly reason: string
  readonly refusals: number
  readonly since: DateTime.Utc
}

/** Which events are published once more: those written since `from`, on one topic or of one customer where told. */
export interface Replay {
  readonly from: DateTime.Utc
  readonly topic?: string | undefined
  readonly customerId?: string | undefined
}

/**
 * All events that were ever written, for those who look after them.
 *
 * MUSTs, each with a contract test of the same wording:
 * - the status counts what is unpublished, waiting and dead
 * - a dead event is listed with its reason, oldest first
 * - a dead event that is retried is claimed again, before the later ones of its customer
 * - a dead event that is dropped is never published, and the later ones of its customer go on
 * - an event that is not dead is neither retried nor dropped
 * - a replay has what was written since then published again, in order, and nothing that was dropped
 */
export class EventJournal extends Context.Service<
  EventJournal,
  {
    readonly status: Effect.Effect<OutboxStatus, StorageUnavailable>
    /** The oldest `most` dead events. */
    readonly dead: (most: number) => Effect.Effect<ReadonlyArray<DeadEvent>, StorageUnavailable>
    readonly findDead: (eventId: string) => Effect.Effect<Option.Option<DeadEvent>, StorageUnavailable>
    /** Answers whether there was such a dead event. */
    readonly retry: (eventId: string) => Effect.Effect<boolean, StorageUnavailable>
    /** Answers whether there was such a dead event. */
    readonly drop: (eventId: string) => Effect.Effect<boolean, StorageUnavailable>
    /** Answers how many events are published again; with `dryRun`, how many would be. */
    readonly replay: (
      replay: Replay,
      options: { readonly dryRun: boolean }
    ) => Effect.Effect<number, StorageUnavailable>
  }
>()("@customer-service/core/EventJournal") {}
