import type { CustomerFacts, CustomerId } from "@customer-service/core"
import { factsChange, ReviewBell } from "@customer-service/core"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"

/** What a write says of a change that rules may ask for, in the JSON form that {@link markReviews} reads. */
export const markOf = (before: CustomerFacts | undefined, after: CustomerFacts, correlationId: string | undefined) => {
  const change = factsChange(before, after)
  return change === undefined ? {} : { ...change, correlationId }
}

/** The columns of a change as `jsonb_to_recordset` reads them. */
export const markColumns = 'fields text[], before jsonb, "correlationId" text'

/**
 * Marks customers for a review where some segment depends on what changed, as a part of the statement that writes them:
 * `written` answers their `id`, the columns of the change and `due_at`. Their rows have to be locked first. The marks of
 * several changes become one, and the oldest values stay. Answers `customer_id`.
 */
export const markReviews = (written: string): string => `
  INSERT INTO customer_segment_reviews AS mark (customer_id, due_at, fields, before, correlation_id)
  SELECT id, due_at, fields, before, "correlationId" FROM (${written}) AS written
  WHERE fields = '{*}' OR EXISTS (SELECT FROM segment_catalog k WHERE k.fields && written.fields)
  ORDER BY id
  ON CONFLICT (customer_id) DO UPDATE SET
    due_at = least(mark.due_at, excluded.due_at),
    fields = ARRAY(SELECT DISTINCT field FROM unnest(mark.fields || excluded.fields) AS field),
    before = excluded.before || mark.before,
    correlation_id = coalesce(excluded.correlation_id, mark.correlation_id)
  RETURNING customer_id`

/** Tells those who review of whom a statement has marked, once that is committed. */
export const ringForReviews = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  marked: ReadonlyArray<CustomerId>
) {
  if (marked.length === 0) return
  const bell = yield* ReviewBell
  yield* sql.afterCommit(bell.ring(marked))
})
