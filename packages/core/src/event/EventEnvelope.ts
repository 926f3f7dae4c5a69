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
  CustomerSegmentChanged,
  topicOf
} from "../customer/CustomerEvent.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { type Actor, CurrentActor } from "../request/Actor.ts"
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

/** An event on its way out: where it goes, whose it is, and the version she had after it; 0 where it is nobody's. */
export interface OutboxEvent {
  readonly topic: string
  readonly customerId: CustomerId | undefined
  readonly customerVersion: number
  readonly envelope: EventEnvelope
}

/** An event as it is kept beside a customer, with whoever made it happen: that stays here. */
export interface WrittenEvent extends OutboxEvent {
  readonly actorKind?: Actor["kind"] | undefined
  readonly actor?: string | undefined
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
  AddressBookChanged: Schema.encodeSync(AddressBookChanged, { disableChecks: true }),
  CustomerSegmentChanged: Schema.encodeSync(CustomerSegmentChanged, { disableChecks: true })
}

const encode = (event: CustomerEvent) => encoders[event._tag](event as never)

/**
 * Puts each event of a change into its envelope, with an id of its own. Without a correlation id in the
 * context the event's id stands in, so that the field is always there. A customer acts on nobody but herself, also
 * where she has not said who she is.
 */
export const envelop = Effect.fnUntraced(function* (
  customer: Pick<Customer, "id" | "updatedAt" | "version">,
  events: ReadonlyArray<CustomerEvent>
) {
  const random = yield* SecureRandom.SecureRandom
  const source = yield* EventSource
  const correlationId = yield* CorrelationId
  const { kind, subject } = yield* CurrentActor
  const actor = kind === "customer" ? customer.id : subject
  return yield* Effect.forEach(events, (event) =>
    Effect.map(random.uuidV7(), (eventId): WrittenEvent => {
      const { _tag: eventType, ...data } = encode(event)
      return {
        topic: topicOf[eventType],
        customerId: customer.id,
        customerVersion: customer.version,
        actorKind: kind,
        actor,
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

/** The topic on which other services learn what of theirs could not be applied. */
export const deadLetterTopic = "customers.deadletter"

/** A message of another service was given up: which, why, and under which id its dead letter is kept. */
export const EventDeadLettered = Schema.Struct({
  deadLetterId: Schema.String.annotate({ description: "The id under which the message is kept here." }),
  topic: Schema.String.annotate({ description: "The topic that the message came on." }),
  eventId: Schema.String.annotate({ description: "The message's own id, else the bus's id of it." }),
  reason: Schema.Literals(["malformed", "other_currency", "unknown_customer", "undelivered"]).annotate({
    description: "Why it can never be applied."
  }),
  detail: Schema.String.annotate({ description: "What is wrong with it, in one line for people, without quoting it." })
})

const plainForm = /^[\w.-]{1,80}$/

/** An id or a topic as it is, unless it is other text: somebody's mail address may stand in that. */
const plain = (text: string): string => (plainForm.test(text) ? text : "withheld")

/** The event that tells of a dead letter, without what was in it: that may be anybody's. */
export const envelopDeadLetter = Effect.fnUntraced(function* (data: typeof EventDeadLettered.Type, now: DateTime.Utc) {
  const random = yield* SecureRandom.SecureRandom
  const source = yield* EventSource
  const eventId = yield* random.uuidV7()
  const event: OutboxEvent = {
    topic: deadLetterTopic,
    customerId: undefined,
    customerVersion: 0,
    envelope: {
      eventId,
      eventType: "EventDeadLettered",
      version: "1.0",
      timestamp: DateTime.formatIso(now),
      source,
      data: { ...data, eventId: plain(data.eventId), topic: plain(data.topic) },
      metadata: { correlationId: (yield* CorrelationId) ?? eventId }
    }
  }
  return event
})
