import { Context } from "effect"
import type { AttemptLimit } from "../request/AttemptLimiter.ts"

/** What a shop decides about logins and the messages around them; every field is a setting of the service. */
export interface IdentityPolicy {
  /** Where the links in mails lead, without a slash at the end. Never taken from a request. */
  readonly publicUrl: string
  /** The name that messages speak in. */
  readonly shopName: string
  readonly accessTokenSeconds: number
  readonly verificationHours: number
  readonly resetMinutes: number
  readonly phoneCodeMinutes: number
  /** A login that fails with `InvalidCredentials` is answered no earlier than so long after it began; 0 adds nothing. */
  readonly failureMillis: number
  readonly limits: {
    readonly loginsByAddress: AttemptLimit
    readonly loginsByAccount: AttemptLimit
    readonly registrationsByAddress: AttemptLimit
    readonly mailsByAddress: AttemptLimit
    /** Messages to one recipient; beyond it they are dropped in silence. */
    readonly mailsByRecipient: AttemptLimit
    readonly phoneCodes: AttemptLimit
    readonly phoneGuesses: AttemptLimit
  }
}

const minute = 60
const hour = 3600

/** The limits that hold where nothing else is said. */
export const defaultLimits: IdentityPolicy["limits"] = {
  loginsByAddress: { most: 100, windowSeconds: 10 * minute },
  loginsByAccount: { most: 10, windowSeconds: 15 * minute, penaltySeconds: 15 * minute },
  registrationsByAddress: { most: 30, windowSeconds: hour },
  mailsByAddress: { most: 30, windowSeconds: hour },
  mailsByRecipient: { most: 20, windowSeconds: hour },
  phoneCodes: { most: 5, windowSeconds: hour },
  phoneGuesses: { most: 5, windowSeconds: 15 * minute }
}

/** The policy in force. */
export const IdentityPolicy = Context.Reference<IdentityPolicy>("@customer-service/core/IdentityPolicy", {
  defaultValue: () => ({
    publicUrl: "http://127.0.0.1:8007",
    shopName: "Customer service",
    accessTokenSeconds: 900,
    verificationHours: 24,
    resetMinutes: 60,
    phoneCodeMinutes: 10,
    failureMillis: 0,
    limits: defaultLimits
  })
})
