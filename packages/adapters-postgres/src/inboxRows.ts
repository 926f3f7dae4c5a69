import type { CustomerReference, Inbox } from "@customer-service/core"
import { BigDecimal, DateTime } from "effect"
import { legible } from "./legible.ts"
import type { Told } from "./sortMessages.ts"

type Message = Inbox.Delivery | Inbox.Undeliverable

const longestId = 200
const longestDetail = 500

/** The message as the database takes it: what the bus says of one that makes no sense may be anything. */
export const storable = (message: Message): Message =>
  message._tag === "Delivery"
    ? message
    : {
        ...message,
        topic: legible(message.topic, longestId),
        eventId: legible(message.eventId, longestId),
        detail: legible(message.detail, longestDetail)
      }

/** By which id a message names its customer, in the columns that keep it. */
const referenceRow = (customer: CustomerReference | undefined) => ({
  customer_id: customer?._tag === "Id" ? customer.id : undefined,
  legacy_id: customer?._tag === "LegacyId" ? customer.legacyId : undefined
})

/** A message as `noteMessages` reads it. */
export const messageRow = (message: Message, place: number) => ({
  place,
  event_id: message.eventId,
  topic: message.topic,
  ...referenceRow(message.customer),
  order_id: message._tag === "Delivery" && message.fact._tag === "Order" ? message.fact.order.orderId : undefined,
  delivered: message._tag === "Delivery"
})

const textOf = (message: unknown): string => JSON.stringify(message) ?? "null"

/** A message that waits, as `keepMessages` reads it. */
export const parkedRow = ({ customer, eventId, message, topic }: Inbox.Delivery, until: DateTime.Utc) => ({
  event_id: eventId,
  topic,
  ...referenceRow(customer),
  message: textOf(message),
  until: DateTime.formatIso(until)
})

/** A message that is given up, with the id of its dead letter. */
export type Letter = Inbox.Undeliverable & { readonly id: string }

/** A message that is given up, in the same form. */
export const deadRow = ({ customer, detail, eventId, id, message, reason, topic }: Letter) => ({
  id,
  topic,
  event_id: eventId,
  reason,
  detail,
  ...referenceRow(customer),
  message: textOf(message)
})

/** The order that a delivery tells of, in the same form. */
export const orderRow = ({ delivery: { fact }, owner }: Told) =>
  fact._tag === "Points"
    ? []
    : [
        {
          order_id: fact.order.orderId,
          customer_id: owner,
          total: BigDecimal.format(fact.order.total),
          completed_at: DateTime.formatIso(fact.order.completedAt),
          occurred_at: DateTime.formatIso(fact.order.occurredAt),
          event_id: fact.order.eventId
        }
      ]

/** The points that a delivery tells of, in the same form. */
export const pointsRow = ({ delivery: { fact }, owner }: Told) =>
  fact._tag === "Order"
    ? []
    : [
        {
          event_id: fact.points.eventId,
          customer_id: owner,
          points: fact.points.points,
          balance: fact.points.balance,
          occurred_at: DateTime.formatIso(fact.points.occurredAt)
        }
      ]

/** A dead letter as it stands in its row. */
export interface DeadLetterRow extends Omit<Inbox.DeadLetter, "message" | "since"> {
  readonly message: string
  readonly since: Date
}

/** The dead letter that a row holds. */
export const deadLetterOf = ({ message, since, ...row }: DeadLetterRow): Inbox.DeadLetter => ({
  ...row,
  message: JSON.parse(message),
  since: DateTime.fromDateUnsafe(since)
})

/** A message that waits, as its row tells of it. */
export interface ParkedRow {
  readonly topic: string
  readonly eventId: string
  readonly message: string
  readonly isOver: boolean
}

/** The message that a row holds. */
export const parkedOf = ({ eventId, isOver, message, topic }: ParkedRow) => ({
  topic,
  eventId,
  message: JSON.parse(message) as unknown,
  isOver
})
