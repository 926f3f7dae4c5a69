import { customerId } from "../seededCustomers.ts"

export const ordersTopic = "orders.order.completed"

/** How many customers there are to order. */
export const orderingCustomers = 20_000

/** So many orders in a row are of so many customers, before it is the turn of the next. */
export const ordersTogether = 20_000
const customersTogether = 2000

const newest = Date.parse("2025-06-01T00:00:00Z")
const secondsInYear = 365 * 24 * 3600

// Prime, and no divisor of what is counted here: orders come in no order, neighbours from different customers.
const stride = 7919

const idOf = (kind: "a" | "b", number: number): string =>
  `018f0000-0000-7000-${kind}000-${number.toString(16).padStart(12, "0")}`

/** The id of the event of order `number`, counted from 0. */
export const orderEventId = (number: number): string => idOf("a", number)

const customerOf = (number: number): number => {
  const before = Math.floor(number / ordersTogether) * customersTogether
  return ((before + ((number * stride) % customersTogether)) % orderingCustomers) + 1
}

/** An order that somebody has completed; `number` makes its id and that of its event. */
export interface CompletedOrder {
  readonly number: number
  readonly customerId: string
  readonly total: number
  /** Milliseconds since the epoch. */
  readonly completed: number
}

const envelopeOf = ({ completed, customerId, number, total }: CompletedOrder) => ({
  eventId: orderEventId(number),
  eventType: "OrderCompleted",
  version: "1.0",
  timestamp: new Date(completed + 1500).toISOString(),
  source: "order-service",
  data: {
    orderId: idOf("b", number),
    customerId,
    total,
    currency: "USD",
    completedAt: new Date(completed).toISOString()
  },
  metadata: { correlationId: orderEventId(number) }
})

/** The event of an order as a sidecar puts it into its stream and delivers it. */
export const cloudEventOf = (order: CompletedOrder) => ({
  data: envelopeOf(order),
  datacontenttype: "application/json",
  id: orderEventId(order.number),
  pubsubname: "pubsub",
  source: "order-service",
  specversion: "1.0",
  time: new Date(newest).toISOString(),
  topic: ordersTopic,
  traceparent: "00-00000000000000000000000000000000-0000000000000000-00",
  type: "com.dapr.event.sent"
})

/** The event of order `number`, of one of the customers that order here. */
export const orderCloudEvent = (number: number) =>
  cloudEventOf({
    number,
    customerId: customerId(customerOf(number)),
    total: 20 + ((number * stride) % 20_000) / 100,
    completed: newest - ((number * stride) % secondsInYear) * 1000
  })
