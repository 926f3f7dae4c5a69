import { Result } from "effect"
import type { AuditAction, AuditEntry } from "../customer/AuditEntry.ts"
import type { Change, Circumstances, Customer } from "../customer/Customer.ts"
import { admit, expect } from "../customer/admission.ts"
import { CustomerNotFound, StatusConflict, type VersionConflict } from "../customer/CustomerErrors.ts"
import { CustomerProfileUpdated, CustomerReactivated } from "../customer/CustomerEvent.ts"
import type { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { Email, uniqueForm } from "../value/Email.ts"
import type { Account } from "./Credentials.ts"
import { AccountSuspended, TokenRefused } from "./IdentityErrors.ts"
import type { VerificationToken } from "./VerificationTokens.ts"

const asGiven = { disableChecks: true }

const audit = (action: AuditAction, { actor, now }: Circumstances, reason?: string): AuditEntry => ({
  action,
  actorKind: actor.kind,
  actor: actor.subject,
  ...(reason === undefined ? {} : { reason }),
  at: now
})

/** The account as it is once everything that the shop requires is verified: pending no longer. */
const activated = (customer: Customer, policy: CustomerPolicy): Customer =>
  customer.status === "pending" &&
  (customer.emailVerified || !policy.emailVerificationRequired) &&
  (customer.phoneVerified || !policy.phoneVerificationRequired)
    ? { ...customer, status: "active" }
    : customer

const standing = ["email", "emailVerified", "phoneVerified", "status"] as const

/** `after` as the next version of `before`, with the event that names what differs; `before` itself if nothing does. */
const changed = (before: Customer, after: Customer, { now }: Circumstances): Pick<Change, "customer" | "events"> => {
  const fields = standing.filter((field) => before[field] !== after[field])
  if (fields.length === 0) return { customer: before, events: [] }
  const customer = { ...after, updatedAt: now, version: before.version + 1 }
  const event = new CustomerProfileUpdated(
    {
      customerId: customer.id,
      version: customer.version,
      changed: fields,
      profile: customer.profile,
      preferences: customer.preferences,
      ...(fields.includes("email") ? { email: customer.email } : {}),
      ...(fields.includes("status") ? { status: customer.status } : {}),
      updatedAt: now
    },
    asGiven
  )
  return { customer, events: [event] }
}

/** A login: when it happened, for an account that may still be used, and whose sessions nobody has ended since. */
export const recordLogin = (
  current: Customer,
  { sessionEpoch }: Pick<Account, "sessionEpoch">,
  when: Circumstances
): Result.Result<Change, CustomerNotFound | AccountSuspended> => {
  if (current.status === "inactive") return Result.fail(new CustomerNotFound({ customerId: current.id }))
  if (current.status === "suspended") return Result.fail(new AccountSuspended({ customerId: current.id }))
  const customer = { ...current, lastLoginAt: when.now, updatedAt: when.now, version: current.version + 1 }
  return Result.succeed({ customer, events: [], consents: [], audits: [audit("logged_in", when)], sessionEpoch })
}

/** Whose password stands once this token is used: the one that was chosen with it, or nobody's where that is unclear. */
export const passwordOf = (token: VerificationToken, account: Account): Pick<Change, "passwordHash"> => {
  if (token.passwordHash === undefined) return account.contested ? { passwordHash: null } : {}
  // The only registration: her sessions go on.
  const stands = token.passwordHash === account.passwordHash && !account.contested
  return stands ? {} : { passwordHash: token.passwordHash }
}

/** Whether a token was sent to the address that an open account has. */
const provesAddress = ({ target }: VerificationToken, { email, status }: Customer): boolean =>
  status !== "inactive" && uniqueForm(target) === uniqueForm(email)

/**
 * The address is hers: she read what was sent to it. The token that is used decides whose password stands and ends
 * everything else, so that nobody can prepare an account for a stranger's address.
 */
export const verifyEmail = (
  current: Customer,
  token: VerificationToken,
  account: Account,
  policy: CustomerPolicy,
  when: Circumstances
): Result.Result<Change, TokenRefused> => {
  if (!provesAddress(token, current)) return Result.fail(new TokenRefused())
  const password = passwordOf(token, account)
  // Whoever prepared the account may have verified a phone of his own.
  const phoneVerified = current.phoneVerified && password.passwordHash === undefined
  return Result.succeed({
    ...changed(current, activated({ ...current, emailVerified: true, phoneVerified }, policy), when),
    consents: [],
    audits: [audit("email_verified", when)],
    spends: token.digest,
    ...password
  })
}

/** An account that is open: whoever is kept out of hers does not move it elsewhere. */
export const admitUnsuspended = (
  current: Customer
): Result.Result<Customer, CustomerNotFound | AccountSuspended | VersionConflict> =>
  current.status === "suspended"
    ? Result.fail(new AccountSuspended({ customerId: current.id }))
    : admit(current, undefined)

/** The new address is hers and takes the place of the old one, which is told. */
export const changeEmail = (
  current: Customer,
  token: VerificationToken,
  policy: CustomerPolicy,
  when: Circumstances
): Result.Result<Change, TokenRefused> => {
  if (current.status === "inactive" || current.status === "suspended") return Result.fail(new TokenRefused())
  const email = Email.make(token.target)
  return Result.succeed({
    ...changed(current, activated({ ...current, email, emailVerified: true }, policy), when),
    consents: [],
    audits: [audit("email_changed", when)],
    mails: [{ kind: "email_changed", recipient: current.email, customerId: current.id }],
    spends: token.digest
  })
}

/** A new password, chosen by somebody who knew the old one, and it still is the old one. */
export const changePassword = (
  current: Customer,
  { sessionEpoch }: Pick<Account, "sessionEpoch">,
  passwordHash: string,
  when: Circumstances
): Result.Result<Change, CustomerNotFound | VersionConflict> =>
  Result.map(admit(current, when.expectedVersion), () => ({
    customer: current,
    events: [],
    consents: [],
    audits: [audit("password_changed", when)],
    mails: [{ kind: "password_changed", recipient: current.email, customerId: current.id }],
    sessionEpoch,
    passwordHash
  }))

/** A new password, chosen by somebody who reads her mails: which verifies the address as well. */
export const resetPassword = (
  current: Customer,
  token: VerificationToken,
  passwordHash: string,
  policy: CustomerPolicy,
  when: Circumstances
): Result.Result<Change, TokenRefused> => {
  if (!provesAddress(token, current)) return Result.fail(new TokenRefused())
  return Result.succeed({
    ...changed(current, activated({ ...current, emailVerified: true }, policy), when),
    consents: [],
    audits: [audit("password_reset", when)],
    mails: [{ kind: "password_changed", recipient: current.email, customerId: current.id }],
    spends: token.digest,
    passwordHash
  })
}

/** The phone is hers, if it is still the one that the code was sent to. */
export const verifyPhone = (
  current: Customer,
  token: VerificationToken,
  policy: CustomerPolicy,
  when: Circumstances
): Result.Result<Change, TokenRefused> =>
  current.status === "inactive" || current.profile.phone !== token.target
    ? Result.fail(new TokenRefused())
    : Result.succeed({
        ...changed(current, activated({ ...current, phoneVerified: true }, policy), when),
        consents: [],
        audits: [audit("phone_verified", when)],
        spends: token.digest
      })

/** Keeps the customer out until she is let in again; one who is suspended already stays so. */
export const suspend = (
  current: Customer,
  reason: string,
  when: Circumstances
): Result.Result<Change, CustomerNotFound | VersionConflict> =>
  Result.map(admit(current, when.expectedVersion), () => ({
    ...changed(current, { ...current, status: "suspended" }, when),
    consents: [],
    audits: current.status === "suspended" ? [] : [audit("suspended", when, reason)],
    endsSessions: true
  }))

/** Lets a suspended customer in again, or opens a closed account; an erasure that was planned for it is cancelled. */
export const reactivate = (
  current: Customer,
  reason: string,
  policy: CustomerPolicy,
  when: Circumstances
): Result.Result<Change, VersionConflict | StatusConflict> => {
  const { deactivatedAt: _, ...open } = current
  if (current.status === "active" || current.status === "pending") {
    return Result.fail(new StatusConflict({ customerId: current.id, status: current.status }))
  }
  return Result.map(expect(current, when.expectedVersion), () => {
    const { status } = activated({ ...open, status: "pending" }, policy)
    const customer: Customer = { ...open, status, updatedAt: when.now, version: current.version + 1 }
    const event = new CustomerReactivated(
      {
        customerId: customer.id,
        version: customer.version,
        status: status === "active" ? "active" : "pending",
        reactivatedAt: when.now
      },
      asGiven
    )
    return {
      customer,
      events: [event],
      consents: [],
      audits: [audit("reactivated", when, reason)],
      erasure: null
    }
  })
}
