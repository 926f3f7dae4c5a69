import { Context, DateTime, Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Customer } from "../customer/Customer.ts"
import {
  AddressBookChanged,
  CustomerCreated,
  CustomerDeactivated,
  CustomerErased,
  type CustomerEvent,
  CustomerProfileUpdated,
  CustomerReactivated,
  topicOf
} from "../customer/CustomerEvent.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CorrelationId } from "../request/CorrelationId.ts"

/** The envelope every event travels in, in the specification's form; `data` is the event's own. */
export interface EventEnvelope {
  readonly eventId: string
  readonly eventType: string
  readonly version: "1.0"
  readonly timestamp: string
  readonly source: string
  readonly data: unknown
  readonly metadata: { readonly correlationId: string }
}

/** An event on its way out: where it goes, whose it is, and the version she had after it. */
export interface OutboxEvent {
  readonly topic: string
  readonly customerId: CustomerId
  readonly customerVersion: number
  readonly envelope: EventEnvelope
}

/** The name under which this service publishes. */
export const EventSource = Context.Reference<string>("@customer-service/core/EventSource", {
  defaultValue: () => "customer-service"
})

// One encoder an event: a union's would try its members one after the other, at every write.
const encoders = {
  CustomerCreated: Schema.encodeSync(CustomerCreated, { disableChecks: true }),
  CustomerProfileUpdated: Schema.encodeSync(CustomerProfileUpdated, { disableChecks: true }),
  CustomerDeactivated: Schema.encodeSync(CustomerDeactivated, { disableChecks: true }),
  CustomerReactivated: Schema.encodeSync(CustomerReactivated, { disableChecks: true }),
  CustomerErased: Schema.encodeSync(CustomerErased, { disableChecks: true }),
  AddressBookChanged: Schema.encodeSync(AddressBookChanged, { disableChecks: true })
}

const encode = (event: CustomerEvent) => encoders[event._tag](event as never)

/**
 * Puts each event of a change into its envelope, with an id of its own. Without a correlation id in the
 * context the event's id stands in, so that the field is always there.
 */
export const envelop = Effect.fnUntraced(function* (
  customer: Pick<Customer, "id" | "updatedAt" | "version">,
  events: ReadonlyArray<CustomerEvent>
) {
  const random = yield* SecureRandom.SecureRandom
  const source = yield* EventSource
  const correlationId = yield* CorrelationId
  return yield* Effect.forEach(events, (event) =>
    Effect.map(random.uuidV7(), (eventId): OutboxEvent => {
      const { _tag: eventType, ...data } = encode(event)
      return {
        topic: topicOf[eventType],
        customerId: customer.id,
        customerVersion: customer.version,
        envelope: {
          eventId,
          eventType,
          version: "1.0",
          timestamp: DateTime.formatIso(customer.updatedAt),
          source,
          data,
          metadata: { correlationId: correlationId ?? eventId }
        }
      }
    })
  )
})
