import { Context, type DateTime, type Effect, type Option } from "effect"
import type { Change, Customer } from "../customer/Customer.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { CustomerReference } from "../customer/CustomerId.ts"
import type { Figures, OrderEntry, PointsEntry } from "../order/Figures.ts"
import type { StandingPolicy } from "../segment/StandingPolicy.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"

/** What another service tells of a customer. */
export type Fact =
  | { readonly _tag: "Order"; readonly order: OrderEntry }
  | { readonly _tag: "Points"; readonly points: PointsEntry }

/** A message that can be applied. */
export interface Delivery {
  readonly _tag: "Delivery"
  readonly topic: string
  readonly eventId: string
  readonly customer: CustomerReference
  readonly fact: Fact
  readonly correlationId?: string | undefined
  /** The message as it came: kept while it waits, or where it is given up. */
  readonly message: unknown
}

/** Why a message can never be applied. */
export type DeadLetterReason = "malformed" | "other_currency" | "unknown_customer" | "undelivered"

/** A message that can never be applied; `detail` says what is wrong with it, without quoting it. */
export interface Undeliverable {
  readonly _tag: "Undeliverable"
  readonly topic: string
  readonly eventId: string
  readonly reason: DeadLetterReason
  readonly detail: string
  readonly customer?: CustomerReference | undefined
  readonly message: unknown
}

/** What became of a message: `parked` waits for its customer to appear. */
export type Fate = "applied" | "known" | "parked" | "dead"

/** What became of each message, in order, and how the customers they are about are now. */
export interface Received {
  readonly fates: ReadonlyArray<Fate>
  readonly customers: ReadonlyArray<Customer>
}

/** A message that was given up. */
export interface DeadLetter {
  readonly id: string
  readonly topic: string
  readonly eventId: string
  readonly reason: DeadLetterReason
  readonly detail: string
  readonly message: unknown
  readonly since: DateTime.Utc
}

/** How a customer is written whose figures have changed. */
export interface Restating {
  readonly policy: StandingPolicy
  readonly restate: (customer: Customer, record: StandingRecord, figures: Figures) => Change
  /** Until when a message waits for its customer that comes now. */
  readonly parkedUntil: DateTime.Utc
}

/**
 * Messages of other services, and what they do to customers.
 *
 * MUSTs, each with a contract test of the same wording:
 * - an order counts for its customer, by her id and by her Magento id
 * - the same message again changes nothing and is known
 * - messages of two topics under one id both count
 * - messages of any order, doubled, come to what a plain recomputation gives
 * - an order that is told again counts as it was told last, whichever comes first
 * - an order that moves to another customer counts for her alone
 * - points are the newest balance and what was earned after it
 * - the change of a standing, its events and its history are written with the message
 * - a message that fails to be written leaves nothing behind
 * - a message for a customer who is not there is parked, and applied when she is
 * - a parked message whose time is over becomes a dead letter
 * - a message that can never be applied becomes one dead letter, and one event on the dead letter topic
 * - a dead letter that is received again and can be applied is dead no longer
 * - a message for an erased customer is known and leaves nothing behind
 * - concurrent messages for one customer all count
 */
export class Inbox extends Context.Service<
  Inbox,
  {
    /** Takes in messages, all in one transaction. */
    readonly receive: (
      messages: ReadonlyArray<Delivery | Undeliverable>,
      restating: Restating
    ) => Effect.Effect<Received, StorageUnavailable>
    /** Parked messages whose customer has appeared, or whose time is over: up to `most`, as they came. */
    readonly dueParked: (most: number) => Effect.Effect<
      ReadonlyArray<{
        readonly topic: string
        readonly eventId: string
        readonly message: unknown
        readonly isOver: boolean
      }>,
      StorageUnavailable
    >
    /** The oldest `most` dead letters. */
    readonly dead: (most: number) => Effect.Effect<ReadonlyArray<DeadLetter>, StorageUnavailable>
    readonly findDead: (id: string) => Effect.Effect<Option.Option<DeadLetter>, StorageUnavailable>
    /** Answers whether there was such a dead letter. */
    readonly dropDead: (id: string) => Effect.Effect<boolean, StorageUnavailable>
    /** How many messages wait for their customer, and how many were given up. */
    readonly counts: Effect.Effect<{ readonly parked: number; readonly dead: number }, StorageUnavailable>
  }
>()("@customer-service/core/Inbox") {}
