import {
  AddressBookChanged,
  CustomerCreated,
  CustomerDeactivated,
  CustomerErased,
  type CustomerEvent,
  CustomerProfileUpdated,
  CustomerReactivated,
  CustomerSegmentChanged,
  deadLetterTopic,
  EventDeadLettered,
  topicOf
} from "@customer-service/core"
import { Schema, Struct } from "effect"
import { envelopeOf } from "./envelope.ts"
import type { EventDescription } from "./EventDescription.ts"
import { examples } from "./publishedExamples.ts"

type Name = CustomerEvent["_tag"]
type Told = Pick<EventDescription, "summary" | "description">

const dataOf = <Fields extends Schema.Struct.Fields & { readonly _tag: unknown }>({
  fields
}: {
  readonly fields: Fields
}) => Schema.Struct(Struct.omit(fields, ["_tag"]))

const described = (name: Name, data: Schema.Top, told: Told): EventDescription => ({
  name,
  topics: [topicOf[name]],
  schema: envelopeOf(Schema.Literal(name), data),
  example: examples[name],
  ...told
})

const customerEvents: ReadonlyArray<EventDescription> = [
  described("CustomerCreated", dataOf(CustomerCreated), {
    summary: "A customer account came to be.",
    description: "By registration, by a service, by staff or by a migration. It is the first event of its customer."
  }),
  described("CustomerProfileUpdated", dataOf(CustomerProfileUpdated), {
    summary: "A customer's profile, preferences, mail address, status or what is verified of her changed.",
    description: "Holds profile and preferences as they are now; `email` and `status` where they changed."
  }),
  described("CustomerDeactivated", dataOf(CustomerDeactivated), {
    summary: "A customer account was closed.",
    description: "She can be reactivated until she is erased."
  }),
  described("CustomerReactivated", dataOf(CustomerReactivated), {
    summary: "A customer account that was closed or suspended is open again.",
    description: "An erasure that was planned is cancelled."
  }),
  described("CustomerErased", dataOf(CustomerErased), {
    summary: "Everything personal of a customer is gone here.",
    description: "Whoever keeps something of her must let go of it too. It is the last event of its customer."
  }),
  described("AddressBookChanged", dataOf(AddressBookChanged), {
    summary: "An address of a customer was added, changed or removed.",
    description: "Holds the whole address book as it is now."
  }),
  described("CustomerSegmentChanged", dataOf(CustomerSegmentChanged), {
    summary: "A customer's tier, label or membership of a segment changed.",
    description: "One change of hers may bring several of these, all with the same `data.version`."
  })
]

const deadLettered: EventDescription = {
  name: "EventDeadLettered",
  topics: [deadLetterTopic],
  summary: "A message of another service was given up.",
  description: "It is kept here under `deadLetterId`, and never told: it may hold anything of anybody.",
  schema: envelopeOf(Schema.Literal("EventDeadLettered"), EventDeadLettered),
  example: examples.EventDeadLettered
}

/** Every message that this service publishes. */
export const publishedEvents: ReadonlyArray<EventDescription> = [...customerEvents, deadLettered]
