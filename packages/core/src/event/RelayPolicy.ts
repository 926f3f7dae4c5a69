import { Context } from "effect"

/** How events are relayed; every field is a setting. */
export interface RelayPolicy {
  /** So often the bus may refuse an event before it is dead. */
  readonly mostRefusals: number
  /** Seconds before the last publication in which the bus may have lost what it had taken, found after each outage. */
  readonly resendWindowSeconds: number
  /** Events that are claimed at a time. */
  readonly batch: number
  /** Seconds for which a claim is one relay's. */
  readonly leaseSeconds: number
  /** Claims that one process works on at a time. */
  readonly workers: number
}

/** The policy in force. */
export const RelayPolicy = Context.Reference<RelayPolicy>("@customer-service/core/RelayPolicy", {
  defaultValue: () => ({ mostRefusals: 10, resendWindowSeconds: 5, batch: 256, leaseSeconds: 15, workers: 4 })
})
