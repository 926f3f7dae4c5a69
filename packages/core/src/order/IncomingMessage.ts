import { DateTime, Result, Schema } from "effect"
import { parseReference } from "../customer/CustomerId.ts"
import type { Delivery, Fact, Undeliverable } from "../event/Inbox.ts"
import { inputIssues } from "../value/inputIssues.ts"
import { storable } from "../value/storable.ts"
import { OrderCompleted, PointsEarned } from "./incomingSchemas.ts"

/** A message as the bus brings it: its topic, the bus's own id of it, and what was published. */
export interface IncomingMessage {
  readonly topic: string
  readonly id: string
  readonly data: unknown
}

/** The topics that this service listens to. */
export const topics = { orders: "orders.order.completed", points: "loyalty.points.earned" } as const

const decodeOrder = Schema.decodeUnknownResult(OrderCompleted, { errors: "all" })
const decodePoints = Schema.decodeUnknownResult(PointsEarned, { errors: "all" })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const isEventId = Schema.is(OrderCompleted.fields.eventId)

const correlationForm = /^[\w.:-]{1,128}$/

const correlationIdOf = (metadata: unknown): { correlationId?: string } => {
  const id = isObject(metadata) ? metadata["correlationId"] : undefined
  return typeof id === "string" && correlationForm.test(id) ? { correlationId: id } : {}
}

/** A clock that runs ahead must not keep what is told later from counting; so far ahead it may be. */
const furthestAhead = { hours: 24 }

const isAhead = (moment: DateTime.Utc, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThan(moment, DateTime.add(now, furthestAhead))

const reference = (text: string) => {
  const found = parseReference(text)
  return found === undefined ? {} : { customer: found }
}

/** The event's own id, as far as the message tells it; else the bus's. */
const eventIdOf = ({ data, id }: IncomingMessage): string =>
  isObject(data) && isEventId(data["eventId"]) ? data["eventId"] : id

/** Whom a message is about, as far as it tells. */
const customerOf = ({ data }: IncomingMessage) => {
  const inner = isObject(data) ? data["data"] : undefined
  const id = isObject(inner) ? inner["customerId"] : undefined
  return typeof id === "string" || typeof id === "number" ? reference(String(id)) : {}
}

const undeliverable = (message: IncomingMessage, reason: Undeliverable["reason"], detail: string): Undeliverable => ({
  _tag: "Undeliverable",
  topic: storable(message.topic),
  eventId: storable(eventIdOf(message)),
  reason,
  detail,
  ...customerOf(message),
  message: storable(message.data)
})

const malformed = (message: IncomingMessage, error: Schema.SchemaError): Undeliverable =>
  undeliverable(
    message,
    "malformed",
    inputIssues(error.issue)
      .slice(0, 5)
      .map((issue) => `${issue.path} ${issue.message}`)
      .join("; ")
      .slice(0, 500)
  )

const deliver = (
  message: IncomingMessage,
  { eventId, metadata }: { readonly eventId: string; readonly metadata?: unknown },
  customerId: string,
  fact: Fact
): Delivery | Undeliverable => {
  const { customer } = reference(customerId)
  if (customer === undefined) return undeliverable(message, "malformed", "data.customerId must be a UUID or a number")
  const { data, topic } = message
  return { _tag: "Delivery", topic, eventId, customer, fact, ...correlationIdOf(metadata), message: storable(data) }
}

const tooFarAhead = "is more than a day ahead of this service's clock"

const readOrder = (message: IncomingMessage, currency: string, now: DateTime.Utc): Delivery | Undeliverable => {
  const decoded = decodeOrder(message.data)
  if (Result.isFailure(decoded)) return malformed(message, decoded.failure)
  const envelope = decoded.success
  const { data, eventId, timestamp: occurredAt } = envelope
  if (isAhead(occurredAt, now)) return undeliverable(message, "malformed", `timestamp ${tooFarAhead}`)
  if (isAhead(data.completedAt, now)) return undeliverable(message, "malformed", `data.completedAt ${tooFarAhead}`)
  const total = data.currency === currency ? data.total : data.baseCurrency === currency ? data.baseTotal : undefined
  if (total === undefined || total === null) {
    return undeliverable(message, "other_currency", `neither total nor baseTotal is in ${currency}`)
  }
  const { completedAt, orderId } = data
  const order = { orderId, total, completedAt, occurredAt, eventId }
  return deliver(message, envelope, data.customerId, { _tag: "Order", order })
}

const readPoints = (message: IncomingMessage, now: DateTime.Utc): Delivery | Undeliverable => {
  const decoded = decodePoints(message.data)
  if (Result.isFailure(decoded)) return malformed(message, decoded.failure)
  const envelope = decoded.success
  const { data, eventId, timestamp: occurredAt } = envelope
  if (isAhead(occurredAt, now)) return undeliverable(message, "malformed", `timestamp ${tooFarAhead}`)
  const { balance, points } = data
  const entry = { eventId, points, occurredAt, ...(typeof balance === "number" ? { balance } : {}) }
  return deliver(message, envelope, data.customerId, { _tag: "Points", points: entry })
}

/** What a message tells in the shop's currency, or why it can never be applied. Fields that are not known are let be. */
export const readMessage = (
  message: IncomingMessage,
  currency: string,
  now: DateTime.Utc
): Delivery | Undeliverable => {
  if (message.topic === topics.orders) return readOrder(message, currency, now)
  if (message.topic === topics.points) return readPoints(message, now)
  return undeliverable(message, "malformed", "came on a topic that this service does not listen to")
}

/** The same message, given up because nobody appeared whom it is about. */
export const giveUp = (message: IncomingMessage): Undeliverable =>
  undeliverable(message, "unknown_customer", "no customer of this id appeared in time")

/** The same message, given up by the bus. */
export const givenUp = (message: IncomingMessage): Undeliverable =>
  undeliverable(message, "undelivered", "the bus gave up delivering it")

/** The same message, given up because this service breaks at it. */
export const unprocessable = (message: IncomingMessage): Undeliverable =>
  undeliverable(message, "malformed", "this service cannot process it; its log says why")
