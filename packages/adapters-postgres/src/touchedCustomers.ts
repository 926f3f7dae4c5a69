import type { CustomerId, Segment, SegmentId } from "@customer-service/core"
import type { DateTime } from "effect"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { compareTouched } from "./compareCustomers.ts"
import { lowestId } from "./lowestId.ts"
import { forgetTouchedMoves, lastTouched, markTouched } from "./recomputeStatements.ts"
import { ringForReviews } from "./reviewMarks.ts"

type Sql = SqlClient.SqlClient

/** So many are compared in one statement: a server that is silent for too long is taken for dead. */
const together = 10_000

/** Customers behind the id `after` and up to `last`. */
interface Page {
  readonly after: string
  readonly last: CustomerId
}

/** Goes through those whom a review has touched since the segment was compared, in the order of their ids. */
const throughTouched = Effect.fnUntraced(function* <E, R>(
  sql: Sql,
  id: SegmentId,
  each: (page: Page) => Effect.Effect<void, E, R>
) {
  let after: string = lowestId
  while (true) {
    const [page] = yield* sql.unsafe<{ readonly last: CustomerId }>(lastTouched, [id, after, together])
    if (page === undefined) return
    yield* each({ after, last: page.last })
    after = page.last
  }
})

// The planner expects next to nobody, and would go through all of one table for each row of another.
const joinByHash = "SELECT set_config('enable_hashjoin', 'on', true), set_config('enable_nestloop', 'off', true)"
const joinByIndex = "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_nestloop', 'on', true)"

/**
 * Puts down anew where those would move by a segment's own rule who were reviewed by the old one while everybody was
 * compared, in a transaction that looks rows up by index alone.
 */
export const compareAllTouched = Effect.fnUntraced(function* (sql: Sql, segment: Segment, now: DateTime.Utc) {
  yield* throughTouched(sql, segment.id, ({ after, last }) => sql.unsafe(forgetTouchedMoves, [segment.id, after, last]))
  yield* sql.unsafe(joinByHash)
  yield* throughTouched(sql, segment.id, (page) => compareTouched(sql, segment, { ...page, now }))
  yield* sql.unsafe(joinByIndex)
})

/** Has them reviewed once more, by the rule that is in force by then. */
export const markAllTouched = (sql: Sql, id: SegmentId, now: Date) =>
  throughTouched(sql, id, ({ after, last }) =>
    Effect.flatMap(sql.unsafe<{ readonly customer_id: CustomerId }>(markTouched, [id, after, last, now]), (rows) =>
      ringForReviews(
        sql,
        rows.map(({ customer_id }) => customer_id)
      )
    )
  )
