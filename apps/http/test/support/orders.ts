import { randomUUID } from "node:crypto"

/** The topics that the service listens to. */
export const topics = { orders: "orders.order.completed", points: "loyalty.points.earned" } as const

/** What a test says of a message; the rest is as other services send it. */
interface Told {
  readonly eventId?: string
  readonly timestamp?: string
  readonly metadata?: unknown
}

type Order = Told & {
  readonly customerId: string | number
  readonly orderId?: string
  readonly total?: number | string
  readonly completedAt?: string
  readonly [more: string]: unknown
}

const someTime = "2024-10-25T10:00:00.000Z"

/** An order that was completed, in the envelope of the order service. */
export const orderCompleted = ({ eventId, metadata, timestamp = someTime, ...data }: Order) => ({
  eventId: eventId ?? `order-event-${randomUUID()}`,
  eventType: "OrderCompleted",
  version: "1.0",
  timestamp,
  source: "order-service",
  data: { orderId: `order-${randomUUID()}`, total: 100, currency: "USD", completedAt: timestamp, ...data },
  metadata: metadata ?? { correlationId: "corr_order_7" }
})

type Points = Told & { readonly customerId: string | number; readonly points: number; readonly balance?: number }

/** Points that were earned, in the envelope of the loyalty service. */
export const pointsEarned = ({ eventId, metadata, timestamp = someTime, ...data }: Points) => ({
  eventId: eventId ?? `points-event-${randomUUID()}`,
  eventType: "LoyaltyPointsEarned",
  version: "1.0",
  timestamp,
  source: "loyalty-rewards-service",
  data,
  metadata: metadata ?? { correlationId: "corr_points_7" }
})
