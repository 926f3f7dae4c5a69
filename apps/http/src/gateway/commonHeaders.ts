import { randomUUID } from "node:crypto"
import type { RequestRecord } from "./RequestRecord.ts"

const acceptable = /^[A-Za-z0-9._:-]{1,128}$/

/** The caller's correlation id where it is one that can be logged; a new one otherwise. */
export const correlationIdOf = (given: string | undefined): string =>
  given !== undefined && acceptable.test(given) ? given : randomUUID()

/** Headers that every answer has; those about a person, and of the rate limit, where a call was counted. */
export const commonHeaders = ({ correlationId, limit }: RequestRecord): Record<string, string> => {
  const always = { "x-correlation-id": correlationId, "x-content-type-options": "nosniff" }
  if (limit === undefined) return always
  return {
    ...always,
    "ratelimit-limit": String(limit.limit),
    "ratelimit-remaining": String(limit.remaining),
    "ratelimit-reset": String(limit.resetSeconds),
    "cache-control": "private, no-cache",
    vary: "Authorization"
  }
}

/** For answers that hold secrets, or all that is known of a person: no cache may keep them (RFC 6749, section 5.1). */
export const keptNowhere = { "cache-control": "private, no-store" }
