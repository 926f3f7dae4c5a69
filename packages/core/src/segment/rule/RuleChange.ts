import { Schema } from "effect"
import { Address, NewAddress } from "../../customer/AddressBook.ts"
import { AddressId } from "../../customer/CustomerId.ts"
import { Instant } from "../../value/Instant.ts"

/** A value as it is on the wire. */
export const ShownValue = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])

/** One field with another value; null where it is to have none. */
export const FieldChange = Schema.Struct({
  field: Schema.String.annotate({ description: "The field, by its name on the wire.", examples: ["tier"] }),
  to: Schema.NullOr(ShownValue).annotate({ description: "The value that it is to have; null for none." })
})
export type FieldChange = typeof FieldChange.Type

/** What an address has to be like that is to be added; the rest of it may be anything. */
export const AddedAddress = Schema.Struct({
  ...NewAddress.fields,
  street: Schema.optionalKey(NewAddress.fields.street),
  city: Schema.optionalKey(NewAddress.fields.city),
  country: Schema.optionalKey(NewAddress.fields.country),
  isVerified: Schema.optionalKey(Address.fields.isVerified)
}).annotate({ description: "What an address has to be like that is to be added; the rest of it may be anything." })
export type AddedAddress = typeof AddedAddress.Type

/** What of a customer's data is to be another than it is. */
export const DataChange = Schema.Struct({
  set: Schema.Array(FieldChange),
  addAddresses: Schema.optionalKey(Schema.Array(AddedAddress)),
  removeAddresses: Schema.optionalKey(
    Schema.Array(AddressId).annotate({ description: "The addresses that are to be there no longer, by their ids." })
  )
})
export type DataChange = typeof DataChange.Type

/**
 * What turns the verdict of a rule for one customer: all of this together. Where there is an `at`, nothing turns before;
 * where there is nothing but an `at`, time alone turns it.
 */
export const RuleChange = Schema.Struct({
  ...DataChange.fields,
  at: Schema.optionalKey(
    Instant.annotate({ description: "The moment from which on it is so; now where it is absent." })
  ),
  english: Schema.String.annotate({
    description: "The same in words.",
    examples: ["the number of her orders becomes 5"]
  })
}).annotate({ identifier: "SegmentRuleChange", description: "What would turn the verdict: all of this together." })
export type RuleChange = typeof RuleChange.Type
