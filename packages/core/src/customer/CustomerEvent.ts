import { Schema } from "effect"
import { Address } from "./AddressBook.ts"
import { CustomerId } from "./CustomerId.ts"
import { Preferences } from "./Preferences.ts"
import { Profile } from "./Profile.ts"
import { SegmentLabel, Tier } from "./Standing.ts"

/** A customer account came to be. Its data is exactly what the specification shows. */
export class CustomerCreated extends Schema.TaggedClass<CustomerCreated>()("CustomerCreated", {
  customerId: CustomerId,
  email: Schema.String,
  profile: Schema.Struct({
    firstName: Schema.optionalKey(Schema.String),
    lastName: Schema.optionalKey(Schema.String)
  }),
  segment: Schema.Struct({ tier: Tier, segment: SegmentLabel }),
  registrationDate: Schema.DateTimeUtcFromString
}) {}

/**
 * Profile or preferences changed, or address, status or what is verified; `changed` names the fields by their dotted
 * wire path. `email` and `status` are told where they changed.
 */
export class CustomerProfileUpdated extends Schema.TaggedClass<CustomerProfileUpdated>()("CustomerProfileUpdated", {
  customerId: CustomerId,
  version: Schema.Int,
  changed: Schema.Array(Schema.String),
  profile: Profile,
  preferences: Preferences,
  email: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(Schema.Literals(["active", "inactive", "suspended", "pending"])),
  updatedAt: Schema.DateTimeUtcFromString
}) {}

/** A customer account was closed. */
export class CustomerDeactivated extends Schema.TaggedClass<CustomerDeactivated>()("CustomerDeactivated", {
  customerId: CustomerId,
  version: Schema.Int,
  deactivatedAt: Schema.DateTimeUtcFromString
}) {}

/** A customer account that was closed or suspended is open again. */
export class CustomerReactivated extends Schema.TaggedClass<CustomerReactivated>()("CustomerReactivated", {
  customerId: CustomerId,
  version: Schema.Int,
  status: Schema.Literals(["active", "pending"]),
  reactivatedAt: Schema.DateTimeUtcFromString
}) {}

/** Everything personal of a customer is gone here: whoever keeps something of her must let go of it too. */
export class CustomerErased extends Schema.TaggedClass<CustomerErased>()("CustomerErased", {
  customerId: CustomerId,
  version: Schema.Int,
  erasedAt: Schema.DateTimeUtcFromString
}) {}

/** An address was added, changed or removed; `addresses` is the book as it stands now. */
export class AddressBookChanged extends Schema.TaggedClass<AddressBookChanged>()("AddressBookChanged", {
  customerId: CustomerId,
  version: Schema.Int,
  addresses: Schema.Array(Address),
  updatedAt: Schema.DateTimeUtcFromString
}) {}

/**
 * Where a customer stands with the shop is another place than before: her tier, her label, or whether she belongs to
 * `segment`. `reason` says why, as does the version of the rule where a rule decided.
 */
export class CustomerSegmentChanged extends Schema.TaggedClass<CustomerSegmentChanged>()("CustomerSegmentChanged", {
  customerId: CustomerId,
  version: Schema.Int,
  change: Schema.Literals(["tier", "label", "membership"]),
  segment: Schema.optionalKey(Schema.String),
  from: Schema.String,
  to: Schema.String,
  reason: Schema.String,
  ruleVersion: Schema.optionalKey(Schema.Int)
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
