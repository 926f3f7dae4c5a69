import { incomingTopics, OrderCompleted, PointsEarned } from "@customer-service/core"
import { john } from "../../src/document/customerExamples.ts"
import type { EventDescription } from "./EventDescription.ts"

const orderExample: typeof OrderCompleted.Encoded = {
  eventId: "evt_order_123",
  eventType: "OrderCompleted",
  version: "1.0",
  timestamp: "2024-10-30T10:00:00Z",
  data: {
    orderId: "order_789",
    customerId: john.id,
    total: 119.5,
    currency: "EUR",
    completedAt: "2024-10-30T09:59:58Z",
    baseTotal: 129.9,
    baseCurrency: "USD"
  },
  metadata: { correlationId: "corr_order_123" }
}

const pointsExample: typeof PointsEarned.Encoded = {
  eventId: "evt_loyalty_123",
  eventType: "LoyaltyPointsEarned",
  version: "1.0",
  timestamp: "2024-10-30T10:00:00Z",
  data: { customerId: john.id, points: 130, balance: 2630 },
  metadata: { correlationId: "corr_order_123" }
}

/** Every message that this service listens to. */
export const consumedEvents: ReadonlyArray<EventDescription> = [
  {
    name: "OrderCompleted",
    topics: [incomingTopics.orders],
    summary: "An order was completed, or is told of anew.",
    description:
      "An `orderId` counts once, as it was told last: a later `timestamp` replaces the order, a repeated `eventId` " +
      "changes nothing. `total` counts where `currency` is the shop's, else `baseTotal` where `baseCurrency` is; " +
      "without either the message becomes a dead letter.",
    schema: OrderCompleted,
    example: orderExample
  },
  {
    name: "LoyaltyPointsEarned",
    topics: [incomingTopics.points],
    summary: "A customer earned points, or lost some.",
    description:
      "`balance` is what her points come to with these. She has the balance of the latest `timestamp` that told one, " +
      "and the points told of after it.",
    schema: PointsEarned,
    example: pointsExample
  }
]
