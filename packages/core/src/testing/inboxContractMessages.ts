import { assert } from "@effect/vitest"
import { BigDecimal, DateTime, Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { type Delivery, type Fate, Inbox, type Restating, type Undeliverable } from "../event/Inbox.ts"
import type { Figures, OrderEntry, PointsEntry } from "../order/Figures.ts"
import { type IncomingMessage, readMessage } from "../order/IncomingMessage.ts"
import type { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import * as StandingDecisions from "../segment/StandingDecisions.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"
import { orderMessage, pointsMessage } from "./incomingMessages.ts"
import type { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshLegacyId, freshWord, registration } from "./strangers.ts"

/** What the contract works with: the inbox, and what its messages come to. */
export type InboxServices = CustomerRepository | CustomerStandings | Inbox | PersonalDataStore | StoredFacts

/** So many seconds after the noon at which the customers of the contract came. */
export const at = (seconds: number): DateTime.Utc => circumstances(seconds).now

/** When messages are received. */
export const receivedAt = at(3600)

/** An order, completed and told of at that second. */
export const order = (total: string, second = 0, details: Partial<OrderEntry> = {}): OrderEntry => ({
  orderId: freshWord(),
  total: BigDecimal.fromStringUnsafe(total),
  completedAt: at(second),
  occurredAt: at(second),
  eventId: freshWord(),
  ...details
})

/** Points, told of at that second. */
export const points = (amount: number, second = 0, balance?: number): PointsEntry => ({
  eventId: freshWord(),
  points: amount,
  ...(balance === undefined ? {} : { balance }),
  occurredAt: at(second)
})

/** A message as it is taken in. */
export const read = (message: IncomingMessage): Delivery | Undeliverable => readMessage(message, "USD", receivedAt)

export const orderOf = (customerId: number | string, entry: OrderEntry) => read(orderMessage(customerId, entry))

export const pointsOf = (customerId: number | string, entry: PointsEntry) => read(pointsMessage(customerId, entry))

export const policy = StandingPolicy.defaultValue()

/** How customers are written; a message waits for its customer so many seconds. */
export const restating = (parkedSeconds = 3600) =>
  Effect.map(DateTime.now, (now): Restating => ({
    policy,
    restate: (customer, record, figures) => StandingDecisions.restate(customer, record, figures, policy, receivedAt),
    parkedUntil: DateTime.addDuration(now, `${parkedSeconds * 1000} millis`)
  }))

/** Takes messages in; answers what became of them, and whom they were about. */
export const receive = Effect.fnUntraced(function* (
  messages: ReadonlyArray<Delivery | Undeliverable>,
  parkedSeconds?: number
) {
  const inbox = yield* Inbox
  return yield* inbox.receive(messages, yield* restating(parkedSeconds))
})

/** Takes messages in and makes sure of what became of them. */
export const assertFates = Effect.fnUntraced(function* (
  messages: ReadonlyArray<Delivery | Undeliverable>,
  fates: ReadonlyArray<Fate>
) {
  const received = yield* receive(messages)
  assert.deepStrictEqual(received.fates, fates)
  return received
})

/** A new customer who is known to Magento too. */
export const someone = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  const change = registration()
  const legacyId = freshLegacyId()
  const { id } = yield* repository.insert({ ...change, customer: { ...change.customer, legacyId } })
  return { id, legacyId }
})

/** A message that can never be applied. */
export const undeliverable = (details: Partial<Undeliverable> = {}): Undeliverable => ({
  _tag: "Undeliverable",
  topic: "orders.order.completed",
  eventId: freshWord(),
  reason: "malformed",
  detail: "data.total must be an amount from 0 to 1000000000",
  message: { note: "Zoë \\u0000 „'\" 👩‍👩‍👧‍👦", nothing: null, deep: [[{ total: "a lot", "": 0.1 }]] },
  ...details
})

/** Values without their classes, as JSON would have them. */
export const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Figures as plain values. */
export const shown = ({ totalSpent, ...figures }: Figures): unknown =>
  asJson({ ...figures, totalSpent: BigDecimal.format(totalSpent) })

/** The figures of a customer as they stand. */
export const figuresAt = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const { customer, record } = yield* standings.find(id)
  const { loyaltyPoints, orderCount, totalSpent } = customer.segment
  const { highValueSince, lastOrderAt, premiumSince, vipSince } = record
  return { totalSpent, orderCount, loyaltyPoints, lastOrderAt, premiumSince, vipSince, highValueSince }
})

/** What she has spent, and in how many orders. */
export const spending = Effect.fnUntraced(function* (id: CustomerId) {
  const { orderCount, totalSpent } = yield* figuresAt(id)
  return [BigDecimal.format(totalSpent), orderCount] as const
})
