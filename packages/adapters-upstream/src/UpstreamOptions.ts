import type { Redacted } from "effect"

/** How a service is asked. */
export interface UpstreamOptions {
  /** Where it is, such as `http://order-service:8001`; a path of the address stands in front of the service's own. */
  readonly url: string
  /** Milliseconds that an answer may take in all, one more try included. Default 200. */
  readonly timeoutMillis?: number | undefined
  /** So many customers are asked about at once; about more it is not asked. Default 32. */
  readonly concurrency?: number | undefined
  /** The bearer token that it is asked with. */
  readonly bearer?: Redacted.Redacted | undefined
}

export const defaults = { timeoutMillis: 200, concurrency: 32 } as const
