import { BigDecimal, DateTime } from "effect"
import type { OrderEntry, PointsEntry } from "../order/Figures.ts"
import { type IncomingMessage, topics } from "../order/IncomingMessage.ts"

const envelopeOf = (eventType: string, { eventId, occurredAt }: OrderEntry | PointsEntry, data: unknown) => ({
  eventId,
  eventType,
  version: "1.0",
  timestamp: DateTime.formatIso(occurredAt),
  source: "contract",
  data,
  metadata: { correlationId: `correlation-${eventId}` }
})

/** The message that tells of an order, as the order service publishes it; `customerId` is of either kind. */
export const orderMessage = (customerId: number | string, order: OrderEntry, currency = "USD"): IncomingMessage => {
  const { completedAt, eventId, orderId, total } = order
  const data = {
    orderId,
    customerId,
    total: BigDecimal.format(total),
    currency,
    completedAt: DateTime.formatIso(completedAt)
  }
  return { topic: topics.orders, id: eventId, data: envelopeOf("OrderCompleted", order, data) }
}

/** The message that tells of points, as the loyalty service publishes it. */
export const pointsMessage = (customerId: number | string, entry: PointsEntry): IncomingMessage => {
  const { balance, eventId, points } = entry
  const data = { customerId, points, ...(balance === undefined ? {} : { balance }) }
  return { topic: topics.points, id: eventId, data: envelopeOf("LoyaltyPointsEarned", entry, data) }
}
