import { Schema } from "effect"
import { Instant } from "../value/Instant.ts"
import { shownAs } from "../value/shownAs.ts"
import { Address } from "./AddressBook.ts"
import { CustomerId } from "./CustomerId.ts"
import { Preferences } from "./Preferences.ts"
import { Profile } from "./Profile.ts"
import { SegmentLabel, Tier } from "./Standing.ts"

const EmailAddress = Schema.String.annotate({ format: "email" })

const Version = Schema.Int.annotate({
  description: "The customer's version after the change: it never falls from one of her events to the next.",
  ...shownAs({ type: "integer", minimum: 1 })
})

const ChangedFields = Schema.Array(Schema.String).annotate({
  description: "The fields that changed, each by its dotted path.",
  examples: [["profile.phone", "preferences.marketing.smsOptIn"]]
})

/** A customer account came to be. Its data is exactly what the specification shows. */
export class CustomerCreated extends Schema.TaggedClass<CustomerCreated>()("CustomerCreated", {
  customerId: CustomerId,
  email: EmailAddress,
  profile: Schema.Struct({
    firstName: Schema.optionalKey(Schema.String),
    lastName: Schema.optionalKey(Schema.String)
  }),
  segment: Schema.Struct({ tier: Tier, segment: SegmentLabel }),
  registrationDate: Instant
}) {}

/**
 * Profile or preferences changed, or address, status or what is verified; `changed` names the fields by their dotted
 * wire path. `email` and `status` are told where they changed.
 */
export class CustomerProfileUpdated extends Schema.TaggedClass<CustomerProfileUpdated>()("CustomerProfileUpdated", {
  customerId: CustomerId,
  version: Version,
  changed: ChangedFields,
  profile: Profile,
  preferences: Preferences,
  email: Schema.optionalKey(EmailAddress),
  status: Schema.optionalKey(Schema.Literals(["active", "inactive", "suspended", "pending"])),
  updatedAt: Instant
}) {}

/** A customer account was closed. */
export class CustomerDeactivated extends Schema.TaggedClass<CustomerDeactivated>()("CustomerDeactivated", {
  customerId: CustomerId,
  version: Version,
  deactivatedAt: Instant
}) {}

/** A customer account that was closed or suspended is open again. */
export class CustomerReactivated extends Schema.TaggedClass<CustomerReactivated>()("CustomerReactivated", {
  customerId: CustomerId,
  version: Version,
  status: Schema.Literals(["active", "pending"]),
  reactivatedAt: Instant
}) {}

/** Everything personal of a customer is gone here: whoever keeps something of her must let go of it too. */
export class CustomerErased extends Schema.TaggedClass<CustomerErased>()("CustomerErased", {
  customerId: CustomerId,
  version: Version,
  erasedAt: Instant
}) {}

/** An address was added, changed or removed; `addresses` is the book as it stands now. */
export class AddressBookChanged extends Schema.TaggedClass<AddressBookChanged>()("AddressBookChanged", {
  customerId: CustomerId,
  version: Version,
  addresses: Schema.Array(Address),
  updatedAt: Instant
}) {}

/**
 * Where a customer stands with the shop is another place than before: her tier, her label, or whether she belongs to
 * `segment`. `reason` says why, as does the version of the rule where a rule decided.
 */
export class CustomerSegmentChanged extends Schema.TaggedClass<CustomerSegmentChanged>()("CustomerSegmentChanged", {
  customerId: CustomerId,
  version: Version,
  change: Schema.Literals(["tier", "label", "membership"]).annotate({ description: "What changed." }),
  segment: Schema.optionalKey(
    Schema.String.annotate({ description: "The segment that she came to belong to, or left; of memberships alone." })
  ),
  from: Schema.String.annotate({ description: "The tier or label before; of memberships member or none." }),
  to: Schema.String.annotate({ description: "The tier or label from now on; of memberships member or none." }),
  reason: Schema.String.annotate({ description: "Why, in one line for people." }),
  ruleVersion: Schema.optionalKey(
    Schema.Int.annotate({
      description: "The version of the rule, where a rule decided.",
      ...shownAs({ type: "integer", minimum: 1 })
    })
  )
}) {}

export const CustomerEvent = Schema.Union([
  CustomerCreated,
  CustomerProfileUpdated,
  CustomerDeactivated,
  CustomerReactivated,
  CustomerErased,
  AddressBookChanged,
  CustomerSegmentChanged
])
export type CustomerEvent = typeof CustomerEvent.Type

/** The bus topic of each event. */
export const topicOf: { readonly [Tag in CustomerEvent["_tag"]]: string } = {
  CustomerCreated: "customers.customer.created",
  CustomerProfileUpdated: "customers.profile.updated",
  CustomerDeactivated: "customers.customer.deactivated",
  CustomerReactivated: "customers.customer.reactivated",
  CustomerErased: "customers.customer.erased",
  AddressBookChanged: "customers.addresses.changed",
  CustomerSegmentChanged: "customers.segment.changed"
}
