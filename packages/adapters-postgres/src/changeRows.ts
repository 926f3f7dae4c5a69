import { type Change, CorrelationId, type Customer, envelop } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { customerRow } from "./CustomerRow.ts"
import type { keyRow } from "./idempotencyKeys.ts"
import { saveCustomers } from "./saveCustomers.ts"
import { standingRow } from "./StandingRow.ts"

/** The customer after a change, in the JSON form that `saveCustomers.ts` reads. */
export const stateRow = (change: Change, before?: Customer) => ({
  ...customerRow(change.customer, before),
  versionBefore: before?.version,
  sessionEpoch: change.sessionEpoch,
  ...(before === undefined ? newcomerRow(change) : {})
})

/** What a newcomer brings with her: her password, and where she stands. */
const newcomerRow = ({ customer, passwordHash, standing = { updatedAt: customer.createdAt } }: Change) => ({
  passwordHash,
  standing: standingRow(customer, standing)
})

/** What a change adds to the consent ledger, to the outbox and to the audit, in the same form. */
export const recordRows = Effect.fnUntraced(function* ({ audits = [], consents, customer, events }: Change) {
  const correlationId = audits.length === 0 ? undefined : yield* CorrelationId
  return {
    audits: audits.map((entry) => ({
      ...entry,
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

/** Writes the rows in one statement; answers whether all customers were still at the version before. */
export const save = (sql: SqlClient.SqlClient, { customers, consents, events, keys, audits }: CustomerWrite) =>
  Effect.map(
    sql.unsafe<{ readonly saved: number }>(
      saveCustomers,
      [customers, consents, events, keys, audits].map((rows) => JSON.stringify(rows))
    ),
    ([row]) => row?.saved === customers.length
  )
