import { Schema } from "effect"

/** A wrong password, an address that nobody has, or an account that is closed: nobody is told which. */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", {}) {}

/** Somebody changed the password, or ended all sessions, since this looked at the account. */
export class CredentialsChanged extends Schema.TaggedError<CredentialsChanged>()("CredentialsChanged", {
  customerId: Schema.String
}) {}

/** The password is right, and the mail address is still to be verified. */
export class EmailNotVerified extends Schema.TaggedError<EmailNotVerified>()("EmailNotVerified", {
  customerId: Schema.String
}) {}

/** The password is right, and the account is suspended. */
export class AccountSuspended extends Schema.TaggedError<AccountSuspended>()("AccountSuspended", {
  customerId: Schema.String
}) {}

/** The refresh token belongs to no session that is open, or has been used before. */
export class RefreshRefused extends Schema.TaggedError<RefreshRefused>()("RefreshRefused", {}) {}

/** The customer has no phone that could be verified. */
export class PhoneMissing extends Schema.TaggedError<PhoneMissing>()("PhoneMissing", {
  customerId: Schema.String
}) {}

/** The code is not the one that was sent, or its time is over. */
export class CodeRefused extends Schema.TaggedError<CodeRefused>()("CodeRefused", {
  customerId: Schema.String
}) {}

/** The token does not exist, has expired, was used, or is meant for something or somebody else. */
export class TokenRefused extends Schema.TaggedError<TokenRefused>()("TokenRefused", {}) {}
