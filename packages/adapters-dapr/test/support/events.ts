import type { OutboxEvent } from "@customer-service/core"
import { freshAddressId, freshCustomerId, freshWord } from "@customer-service/core/testing"

/** An event of somebody new. */
export const someEvent = (topic = "customers.customer.created", data: object = {}): OutboxEvent => {
  const customerId = freshCustomerId()
  return {
    topic,
    customerId,
    customerVersion: 1,
    envelope: {
      eventId: freshAddressId(),
      eventType: "CustomerCreated",
      version: "1.0",
      timestamp: "2031-05-06T12:00:00.000Z",
      source: "customer-service",
      data: { customerId, ...data },
      metadata: { correlationId: freshWord() }
    }
  }
}

export const idOf = ({ envelope }: Pick<OutboxEvent, "envelope">): string => envelope.eventId
