import type { Actor, RateLimiter } from "@customer-service/core"
import { Context } from "effect"

/** What is known of the running request, filled in on its way: the gateway puts it into headers, log and metrics. */
export interface RequestRecord {
  readonly correlationId: string
  readonly startedAt: number
  limit: RateLimiter.RateLimitState | undefined
  /** Who asks, once that is known and her session was found open. */
  actor?: Actor | undefined
}

export const RequestRecord = Context.Service<RequestRecord>("@customer-service/http/RequestRecord")
