import { assert } from "@effect/vitest"
import { BigDecimal, DateTime } from "effect"
import { CustomerId } from "../src/customer/CustomerId.ts"
import type { Delivery, Undeliverable } from "../src/event/Inbox.ts"
import { type IncomingMessage, readMessage, topics } from "../src/order/IncomingMessage.ts"

export const now = DateTime.makeUnsafe("2024-10-30T12:00:00Z")
export const customerId = CustomerId.make("0192d4f0-0000-7000-8000-000000000456")

export type Json = Readonly<Record<string, unknown>>

export const orderData: Json = {
  orderId: "ord_789",
  customerId,
  total: 129.9,
  currency: "USD",
  completedAt: "2024-10-30T10:00:00Z"
}

export const envelope: Json = {
  eventId: "evt_order_1",
  eventType: "OrderCompleted",
  version: "1.0",
  timestamp: "2024-10-30T10:00:01Z",
  source: "order-service",
  data: orderData,
  metadata: { correlationId: "corr_1" }
}

export const onTopic = (topic: string, data: unknown): IncomingMessage => ({ topic, id: "bus-1", data })

export const read = (data: unknown, topic: string = topics.orders): Delivery | Undeliverable =>
  readMessage(onTopic(topic, data), "USD", now)

export const orderWith = (data: Json, about: Json = {}): Json => ({
  ...envelope,
  ...about,
  data: { ...orderData, ...data }
})

export const without = (field: string, from: Json): Json =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== field))

export const order = (data: unknown) => {
  const message = read(data)
  if (message._tag !== "Delivery" || message.fact._tag !== "Order") return assert.fail(JSON.stringify(message))
  const { total, ...entry } = message.fact.order
  return { ...message, ...entry, total: BigDecimal.format(total) }
}

export const points = (data: Json, about: Json = {}) => {
  const whole = { ...envelope, eventType: "LoyaltyPointsEarned", ...about, data: { customerId, points: 10, ...data } }
  return read(whole, topics.points)
}

export const entry = (data: Json) => {
  const message = points(data)
  if (message._tag !== "Delivery" || message.fact._tag !== "Points") return assert.fail(JSON.stringify(message))
  return message.fact.points
}

export const givenUp = (message: Delivery | Undeliverable): Undeliverable =>
  message._tag === "Undeliverable" ? message : assert.fail("it was not given up")
