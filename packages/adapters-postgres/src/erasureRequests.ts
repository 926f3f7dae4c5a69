import { type CustomerId, ErasureReceipt, type ErasurePlan, type ErasureRequest } from "@customer-service/core"
import { DateTime, Effect, Option, Schema } from "effect"
import type { SqlClient } from "effect/sql"

type Sql = SqlClient.SqlClient

/**
 * Plans an erasure, or gives the one that is planned another reason and an earlier time: what was promised is never
 * put off. One that has begun stays as it is.
 */
export const planErasure = (sql: Sql, id: CustomerId, plan: ErasurePlan) => {
  const [dueAt, requestedAt] = [DateTime.toDateUtc(plan.dueAt), DateTime.toDateUtc(plan.requestedAt)]
  return sql`
    INSERT INTO erasure_requests (customer_id, state, due_at, requested_at, requested_by, reason)
    VALUES (${id}, 'planned', ${dueAt}, ${requestedAt}, ${plan.requestedBy}, ${plan.reason})
    ON CONFLICT (customer_id) DO UPDATE SET
      due_at = CASE WHEN erasure_requests.state = 'planned' THEN least(erasure_requests.due_at, excluded.due_at)
        ELSE excluded.due_at END,
      state = excluded.state, requested_at = excluded.requested_at,
      requested_by = excluded.requested_by, reason = excluded.reason
    WHERE erasure_requests.state IN ('planned', 'cancelled')`
}

/** Cancels the erasure that is planned, if there is one that has not begun. */
export const cancelErasure = (sql: Sql, id: CustomerId) =>
  sql`UPDATE erasure_requests SET state = 'cancelled' WHERE customer_id = ${id} AND state = 'planned'`

interface RequestRow extends Omit<ErasureRequest, "dueAt" | "finishedAt" | "reason" | "receipt" | "requestedAt"> {
  readonly dueAt: Date
  readonly requestedAt: Date
  readonly reason: string | null
  readonly finishedAt: Date | null
  readonly receipt: unknown
}

const decodeReceipt = Schema.decodeUnknownSync(ErasureReceipt, { disableChecks: true })
const encodeReceipt = Schema.encodeSync(ErasureReceipt, { disableChecks: true })

const requestOf = ({ dueAt, finishedAt, reason, receipt, requestedAt, ...row }: RequestRow): ErasureRequest => ({
  ...row,
  dueAt: DateTime.fromDateUnsafe(dueAt),
  requestedAt: DateTime.fromDateUnsafe(requestedAt),
  ...(reason === null ? {} : { reason }),
  ...(finishedAt === null ? {} : { finishedAt: DateTime.fromDateUnsafe(finishedAt) }),
  ...(receipt === null ? {} : { receipt: decodeReceipt(receipt) })
})

/** The erasure of a customer, whatever its state. */
export const findErasure = (sql: Sql, id: CustomerId) =>
  Effect.map(
    sql<RequestRow>`
      SELECT customer_id AS "customerId", state, due_at AS "dueAt", requested_at AS "requestedAt",
        requested_by AS "requestedBy", reason, finished_at AS "finishedAt", receipt
      FROM erasure_requests WHERE customer_id = ${id}`,
    ([row]) => Option.map(Option.fromUndefinedOr(row), requestOf)
  )

interface Claim {
  readonly most: number
  readonly leaseSeconds: number
  readonly only?: CustomerId | undefined
}

/** Takes erasures whose time has come, or whose runner has died; those that another is taking are left to it. */
export const claimErasures = Effect.fnUntraced(function* (sql: Sql, { leaseSeconds, most, only }: Claim) {
  const time = yield* DateTime.now
  const [now, until] = [time, DateTime.add(time, { seconds: leaseSeconds })].map((moment) => DateTime.toDateUtc(moment))
  const whose = only === undefined ? sql`state = 'planned' AND due_at <= ${now}` : sql`state = 'planned'`
  const rows = yield* sql<{ id: CustomerId }>`
    WITH due AS MATERIALIZED (
      SELECT customer_id FROM erasure_requests
      WHERE (${whose} OR state = 'running' AND lease_until <= ${now})
        AND ${only === undefined ? sql`true` : sql`customer_id = ${only}`}
      ORDER BY due_at LIMIT ${most} FOR UPDATE SKIP LOCKED
    )
    UPDATE erasure_requests e SET state = 'running', lease_until = ${until}, started_at = coalesce(started_at, ${now})
    FROM due WHERE e.customer_id = due.customer_id RETURNING e.customer_id AS id`
  return rows.map(({ id }) => id)
})

/** Says that an erasure is done, and lets go of what was kept for doing it. */
export const finishErasure = (sql: Sql, id: CustomerId, receipt: ErasureReceipt) => sql`
  UPDATE erasure_requests SET
    state = 'done', finished_at = ${DateTime.toDateUtc(receipt.statement.finishedAt)},
    receipt = ${JSON.stringify(encodeReceipt(receipt))}::text::jsonb,
    reason = NULL, needles = NULL, legacy_id = NULL, lease_until = NULL
  WHERE customer_id = ${id} AND state = 'running'`
