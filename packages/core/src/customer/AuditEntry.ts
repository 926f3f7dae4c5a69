import type { DateTime } from "effect"
import type { Actor } from "../request/Actor.ts"

/** What may happen to an account beside its events. */
export type AuditAction =
  | "logged_in"
  | "email_verified"
  | "phone_verified"
  | "email_changed"
  | "password_changed"
  | "password_reset"
  | "suspended"
  | "reactivated"
  | "erasure_planned"
  | "erasure_cancelled"
  | "tier_overridden"
  | "segment_overridden"
  | "override_ended"
  | "membership_excepted"
  | "membership_exception_ended"

/** What was decided of a membership: in which segment, to be a member or none, and until when where it has an end. */
export interface AuditedMembership {
  readonly segment: string
  readonly to?: "member" | "none" | undefined
  readonly until?: DateTime.Utc | undefined
}

/** One line of the audit: what was done to an account, by whom, when, and why where a reason was asked for. */
export interface AuditEntry {
  readonly action: AuditAction
  readonly actorKind: Actor["kind"]
  readonly actor: string
  readonly reason?: string | undefined
  readonly membership?: AuditedMembership | undefined
  readonly at: DateTime.Utc
}
