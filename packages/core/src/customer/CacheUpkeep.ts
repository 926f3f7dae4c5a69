import { Context, Effect } from "effect"
import type { Customer } from "./Customer.ts"
import type { CustomerId } from "./CustomerId.ts"

/** A version that a customer has reached, as an event tells it. */
export interface ReachedVersion {
  readonly customerId: CustomerId
  readonly version: number
}

/**
 * Keeps the cache in step with what does not pass the repository: writes of other ports, and what a process that was
 * killed between its commit and its put left behind.
 */
export interface CacheUpkeep {
  /** Customers as they were just read or written. */
  readonly note: (customers: ReadonlyArray<Customer>) => Effect.Effect<void>
  /**
   * Loads and puts again whoever stands in the cache at an older version. Where that cannot be done, the cache is not
   * asked about them until it is.
   */
  readonly catchUp: (reached: ReadonlyArray<ReachedVersion>) => Effect.Effect<void>
}

/** The upkeep in force; nothing to do where there is no cache. */
export const CacheUpkeep = Context.Reference<CacheUpkeep>("@customer-service/core/CacheUpkeep", {
  defaultValue: () => ({ note: () => Effect.void, catchUp: () => Effect.void })
})
