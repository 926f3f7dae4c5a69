import { Schema } from "effect"

/** No customer of this id, or none that the caller may see. */
export class CustomerNotFound extends Schema.TaggedError<CustomerNotFound>()("CustomerNotFound", {
  customerId: Schema.String
}) {}

/** Another customer has this mail address already, in whatever spelling of capitals. */
export class EmailTaken extends Schema.TaggedError<EmailTaken>()("EmailTaken", {}) {}

/** The address book holds no address of this id. */
export class AddressNotFound extends Schema.TaggedError<AddressNotFound>()("AddressNotFound", {
  customerId: Schema.String,
  addressId: Schema.String
}) {}

/** The address book is full: it holds `limit` addresses. */
export class AddressLimitExceeded extends Schema.TaggedError<AddressLimitExceeded>()("AddressLimitExceeded", {
  customerId: Schema.String,
  limit: Schema.Int
}) {}

/** The caller expected another version than the customer has now. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>()("VersionConflict", {
  customerId: Schema.String,
  current: Schema.Int
}) {}

/** One thing that is wrong with what was given: where (dotted path) and what. */
export const InputIssue = Schema.Struct({
  path: Schema.String.annotate({ description: "Where, as a dotted path.", examples: ["profile.phone"] }),
  message: Schema.String.annotate({ description: "What is wrong there.", examples: ["must not be empty"] })
})
export type InputIssue = typeof InputIssue.Type

/** What was given breaks a rule that its shape alone could not show. */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  issues: Schema.Array(InputIssue)
}) {}

/** The password does not meet the shop's requirements; `path` is the field it came in, `password` unless told. */
export class WeakPassword extends Schema.TaggedError<WeakPassword>()("WeakPassword", {
  message: Schema.String,
  path: Schema.optionalKey(Schema.Literals(["password", "newPassword"]))
}) {}

/** The account is in a status that this cannot be done in. */
export class StatusConflict extends Schema.TaggedError<StatusConflict>()("StatusConflict", {
  customerId: Schema.String,
  status: Schema.String
}) {}

/** The actor may not do this, whatever the customer. */
export class ActionForbidden extends Schema.TaggedError<ActionForbidden>()("ActionForbidden", {
  reason: Schema.String
}) {}

/** The store of customers does not answer at the moment; a write may have happened, or may happen yet. */
export class StorageUnavailable extends Schema.TaggedError<StorageUnavailable>()("StorageUnavailable", {}) {}
