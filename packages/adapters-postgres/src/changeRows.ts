import {
  type AuditedMembership,
  type Change,
  CorrelationId,
  type Customer,
  type CustomerId,
  envelop
} from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { customerRow } from "./CustomerRow.ts"
import type { keyRow } from "./idempotencyKeys.ts"
import { markOf, ringForReviews } from "./reviewMarks.ts"
import { saveCustomers } from "./saveCustomers.ts"
import { standingRow } from "./StandingRow.ts"

/** The customer after a change, in the JSON form that `saveCustomers.ts` reads. */
export const stateRow = (change: Change, before?: Customer, correlationId?: string) => ({
  ...customerRow(change.customer, before),
  ...markOf(before && { customer: before }, change, correlationId),
  versionBefore: before?.version,
  sessionEpoch: change.sessionEpoch,
  ...(before === undefined ? newcomerRow(change) : {})
})

/** What a newcomer brings with her: her password, and where she stands. */
const newcomerRow = ({ customer, passwordHash, standing = { updatedAt: customer.createdAt } }: Change) => ({
  passwordHash,
  standing: standingRow(customer, standing)
})

const membershipRow = ({ until, ...membership }: AuditedMembership) => ({
  ...membership,
  ...(until === undefined ? {} : { until: DateTime.formatIso(until) })
})

/** What a change adds to the consent ledger, to the outbox and to the audit, in the same form. */
export const recordRows = Effect.fnUntraced(function* ({ audits = [], consents, customer, events }: Change) {
  const correlationId = audits.length === 0 ? undefined : yield* CorrelationId
  return {
    audits: audits.map(({ membership, ...entry }) => ({
      ...entry,
      ...(membership === undefined ? {} : { membership: membershipRow(membership) }),
      correlationId,
      customerId: customer.id,
      version: customer.version,
      at: DateTime.formatIso(entry.at)
    })),
    consents: consents.map((consent) => ({
      ...consent,
      customerId: customer.id,
      at: DateTime.formatIso(consent.at)
    })),
    events: yield* envelop(customer, events)
  }
})

type Records = Effect.Success<ReturnType<typeof recordRows>>

/** Rows to write together; any of the lists may be empty. */
export interface CustomerWrite extends Records {
  readonly customers: ReadonlyArray<ReturnType<typeof stateRow>>
  readonly keys: ReadonlyArray<ReturnType<typeof keyRow>>
}

interface SavedRow {
  readonly saved: number
  readonly marked: ReadonlyArray<CustomerId>
}

/**
 * Writes the rows in one statement; answers whether all customers were still at the version before. Rings for those
 * whose memberships are to be reviewed.
 */
export const save = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { customers, consents, events, keys, audits }: CustomerWrite
) {
  const rows = [customers, consents, events, keys, audits].map((each) => JSON.stringify(each))
  const [saved] = yield* sql.unsafe<SavedRow>(saveCustomers, rows)
  yield* ringForReviews(sql, saved?.marked ?? [])
  return saved?.saved === customers.length
})
