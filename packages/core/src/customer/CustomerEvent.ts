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

/** Profile or preferences changed; `changed` names the fields by their dotted wire path. */
export class CustomerProfileUpdated extends Schema.TaggedClass<CustomerProfileUpdated>()("CustomerProfileUpdated", {
  customerId: CustomerId,
  version: Schema.Int,
  changed: Schema.Array(Schema.String),
  profile: Profile,
  preferences: Preferences,
  updatedAt: Schema.DateTimeUtcFromString
}) {}

/** A customer account was closed. */
export class CustomerDeactivated extends Schema.TaggedClass<CustomerDeactivated>()("CustomerDeactivated", {
  customerId: CustomerId,
  version: Schema.Int,
  deactivatedAt: Schema.DateTimeUtcFromString
}) {}

/** An address was added, changed or removed; `addresses` is the book as it stands now. */
export class AddressBookChanged extends Schema.TaggedClass<AddressBookChanged>()("AddressBookChanged", {
  customerId: CustomerId,
  version: Schema.Int,
  addresses: Schema.Array(Address),
  updatedAt: Schema.DateTimeUtcFromString
}) {}

export const CustomerEvent = Schema.Union([
  CustomerCreated,
  CustomerProfileUpdated,
  CustomerDeactivated,
  AddressBookChanged
])
export type CustomerEvent = typeof CustomerEvent.Type

/** The bus topic of each event. */
export const topicOf: { readonly [Tag in CustomerEvent["_tag"]]: string } = {
  CustomerCreated: "customers.customer.created",
  CustomerProfileUpdated: "customers.profile.updated",
  CustomerDeactivated: "customers.customer.deactivated",
  AddressBookChanged: "customers.addresses.changed"
}
