import {
  type CustomerId,
  type CustomerReference,
  Inbox,
  type OrderEntry,
  StandingDecisions,
  StandingPolicy
} from "@customer-service/core"
import { freshWord } from "@customer-service/core/testing"
import { BigDecimal, DateTime, Effect } from "effect"

const noon = DateTime.makeUnsafe("2031-05-06T12:00:00.000Z")

/** An order, completed and told of at that second. */
export const orderEntry = (total: string, second = 0, details: Partial<OrderEntry> = {}): OrderEntry => ({
  orderId: freshWord(),
  total: BigDecimal.fromStringUnsafe(total),
  completedAt: DateTime.add(noon, { seconds: second }),
  occurredAt: DateTime.add(noon, { seconds: second }),
  eventId: freshWord(),
  ...details
})

/** The delivery of an order of whoever is referred to. */
export const deliveryTo = (customer: CustomerReference, order: OrderEntry): Inbox.Delivery => ({
  _tag: "Delivery",
  topic: "orders.order.completed",
  eventId: order.eventId,
  customer,
  fact: { _tag: "Order", order },
  message: { orderId: order.orderId }
})

/** The delivery of an order of hers. */
export const delivery = (id: CustomerId, order: OrderEntry): Inbox.Delivery => deliveryTo({ _tag: "Id", id }, order)

/** How customers are written whose figures have changed, under the standard thresholds. */
export const restating: Inbox.Restating = {
  policy: StandingPolicy.defaultValue(),
  parkedUntil: DateTime.add(noon, { hours: 1 }),
  restate: (customer, record, figures) =>
    StandingDecisions.restate(customer, record, figures, StandingPolicy.defaultValue(), noon)
}

/** Takes messages in. */
export const receive = (messages: ReadonlyArray<Inbox.Delivery | Inbox.Undeliverable>) =>
  Effect.flatMap(Inbox.Inbox, (inbox) => inbox.receive(messages, restating))
