import { type DateTime, Schema, Struct } from "effect"
import type { Actor } from "../request/Actor.ts"
import { Email, EmailInput } from "../value/Email.ts"
import { Instant } from "../value/Instant.ts"
import { shownAs } from "../value/shownAs.ts"
import type { MailRequest } from "../identity/MailRequest.ts"
import type { StandingRecord, TierChange } from "../segment/StandingRecord.ts"
import { RequiredText } from "../value/Text.ts"
import { Address } from "./AddressBook.ts"
import type { AuditEntry } from "./AuditEntry.ts"
import type { ConsentEntry } from "./Consent.ts"
import type { CustomerEvent } from "./CustomerEvent.ts"
import { CustomerId, LegacyId } from "./CustomerId.ts"
import { Preferences, PreferencesChanges } from "./Preferences.ts"
import { Profile, ProfileChanges } from "./Profile.ts"
import { Standing } from "./Standing.ts"

export const CustomerType = Schema.Literals(["individual", "business"])
export type CustomerType = typeof CustomerType.Type

export const CustomerStatus = Schema.Literals(["active", "inactive", "suspended", "pending"]).annotate({
  description: "pending until every verification the shop requires is done; inactive once the account is closed."
})
export type CustomerStatus = typeof CustomerStatus.Type

const RegistrationSource = RequiredText(50).annotate({
  description: "Where she signed up, in the shop's own words.",
  examples: ["web"]
})

const Version = Schema.Int.annotate({
  description: "Grows by one with every visible change; in quotes it is the ETag.",
  ...shownAs({ type: "integer", minimum: 1 })
})

/**
 * A customer with her address book. `version` grows by one with every visible change. The encoded form is
 * the customer as the API shows her; {@link CustomerDocument} is the same without the addresses.
 */
export const Customer = Schema.Struct({
  id: CustomerId,
  legacyId: Schema.optionalKey(LegacyId),
  email: Email,
  customerType: CustomerType,
  status: CustomerStatus,
  emailVerified: Schema.Boolean,
  phoneVerified: Schema.Boolean,
  registrationSource: Schema.optionalKey(RegistrationSource),
  profile: Profile,
  segment: Standing,
  preferences: Preferences,
  addresses: Schema.Array(Address),
  registrationDate: Instant,
  lastLoginAt: Schema.optionalKey(Instant),
  createdAt: Instant,
  updatedAt: Instant,
  deactivatedAt: Schema.optionalKey(Instant),
  version: Version
})
export type Customer = typeof Customer.Type

/** A customer as one resource: everything but the address book, which is a resource of its own. */
export const CustomerDocument = Customer.mapFields(Struct.omit(["addresses"])).annotate({ identifier: "Customer" })

/** What it takes to become a customer. */
export const NewCustomer = Schema.Struct({
  email: EmailInput,
  customerType: Schema.optionalKey(CustomerType),
  registrationSource: Schema.optionalKey(RegistrationSource),
  profile: Schema.optionalKey(ProfileChanges),
  preferences: Schema.optionalKey(PreferencesChanges)
})
export type NewCustomer = typeof NewCustomer.Type

/** Changes to a customer: absent fields stay at every level. */
export const CustomerChanges = Schema.Struct({
  profile: Schema.optionalKey(ProfileChanges),
  preferences: Schema.optionalKey(PreferencesChanges)
})
export type CustomerChanges = typeof CustomerChanges.Type

/** An erasure that is to happen at `dueAt`; one that is planned already takes this reason, and this time if it is sooner. */
export interface ErasurePlan {
  readonly dueAt: DateTime.Utc
  readonly requestedAt: DateTime.Utc
  readonly requestedBy: string
  readonly reason: string
}

/** What else one change may bring with it. All of it happens in the change's own transaction, or none. */
export interface ChangeRecords {
  readonly audits?: ReadonlyArray<AuditEntry>
  /** Messages to post. */
  readonly mails?: ReadonlyArray<MailRequest>
  /** The digest of the verification token that allows this change, and is used up by it with all of hers. */
  readonly spends?: string
  /** The hash of her password from now on, or null where she has none any more; ends her sessions and tokens. */
  readonly passwordHash?: string | null
  /** The session epoch that this was decided in: it fails with `CredentialsChanged` if another has begun since. */
  readonly sessionEpoch?: number
  /** Ends every session, with a new session epoch, and every token: links of before open nothing afterwards. */
  readonly endsSessions?: boolean
  /** An erasure that is planned, or null where the planned one is cancelled. */
  readonly erasure?: ErasurePlan | null
  /** What stands behind her standing from now on. */
  readonly standing?: StandingRecord
  readonly tierChange?: TierChange
}

/**
 * What a decision comes to: the customer as she is from now on, what happened, and what goes into the
 * consent ledger. Where `customer` is the very object that was given, she herself is not written.
 */
export interface Change extends ChangeRecords {
  readonly customer: Customer
  readonly events: ReadonlyArray<CustomerEvent>
  readonly consents: ReadonlyArray<ConsentEntry>
}

/** The version that a caller expects a customer to have, or several of which it must be one. */
export type ExpectedVersion = number | ReadonlyArray<number>

/** Who decides, when, and under which version the caller believes the customer to be. */
export interface Circumstances {
  readonly actor: Actor
  readonly now: DateTime.Utc
  readonly expectedVersion?: ExpectedVersion | undefined
}
