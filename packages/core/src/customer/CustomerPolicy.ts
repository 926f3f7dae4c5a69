import { Context } from "effect"
import type { CustomerStatus, CustomerType } from "./Customer.ts"

/** What a shop decides about its customers; every field is a setting of the service. */
export interface CustomerPolicy {
  readonly defaultStatus: CustomerStatus
  readonly defaultType: CustomerType
  readonly emailVerificationRequired: boolean
  readonly phoneVerificationRequired: boolean
  readonly maxAddresses: number
  /** Whether a consent nobody gave counts as given (`opt-out`, as the shop's defaults say) or not (`opt-in`). */
  readonly consentMode: "opt-in" | "opt-out"
  readonly passwordMinLength: number
  /** Days between a deactivation and the erasure that follows it. */
  readonly erasureGraceDays: number
  readonly defaultLanguage: string
  readonly defaultCurrency: string
  readonly defaultTimezone: string
}

/** The policy in force. */
export const CustomerPolicy = Context.Reference<CustomerPolicy>("@customer-service/core/CustomerPolicy", {
  defaultValue: () => ({
    defaultStatus: "pending",
    defaultType: "individual",
    emailVerificationRequired: true,
    phoneVerificationRequired: false,
    maxAddresses: 10,
    consentMode: "opt-out",
    passwordMinLength: 8,
    erasureGraceDays: 30,
    defaultLanguage: "en",
    defaultCurrency: "USD",
    defaultTimezone: "UTC"
  })
})
