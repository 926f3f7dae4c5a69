import type { DateTime } from "effect"
import type { Customer } from "../../customer/Customer.ts"

/** What is known of a customer, as far as rules ask for it. */
export interface Facts {
  readonly customer: Customer
  readonly lastOrderAt?: DateTime.Utc | undefined
  /** The names of the segments that she belongs to. */
  readonly segments: ReadonlySet<string>
}
