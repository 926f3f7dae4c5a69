import { CorrelationId } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { recordRows, save } from "./changeRows.ts"
import { membershipsAfter, type Reviewing, reviewRow } from "./MembershipRow.ts"
import { saveReviews } from "./saveReviews.ts"
import { OutboxBell } from "./OutboxBell.ts"
import { moveEvent } from "./tellMoves.ts"

/** As of now: most often it is not she who has changed; and never before what it follows from. */
const recordsOf = Effect.fnUntraced(function* ({ before, change, untold }: Reviewing, begun: DateTime.Utc) {
  const now = DateTime.max(begun, change.customer.updatedAt)
  const { audits, customer, events } = change
  const correlationId = before.change?.correlationId ?? (yield* CorrelationId)
  const earlier = untold.map((move) => moveEvent(before.customer, move))
  const first = yield* recordRows({ customer: { ...before.customer, updatedAt: now }, consents: [], events: earlier })
  const then = yield* Effect.provideService(
    recordRows({ customer: { ...customer, updatedAt: now }, consents: [], events, audits }),
    CorrelationId,
    correlationId
  )
  return { events: [...first.events, ...then.events], audits: then.audits }
})

/**
 * Writes what reviews came to, in the transaction that holds the customers' rows; answers where they belong from then
 * on. What others are still to be told of them goes before.
 */
export const writeReviews = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  reviews: ReadonlyArray<Reviewing>,
  now: DateTime.Utc
) {
  if (reviews.length === 0) return []
  const rows = reviews.map(reviewRow)
  const [saved] = yield* sql.unsafe<{ readonly moved: number }>(saveReviews, [JSON.stringify(rows)])
  if (saved?.moved !== rows.filter(({ versionBefore }) => versionBefore !== undefined).length) {
    return yield* Effect.die(new Error("A customer changed although her row is locked"))
  }
  const records = yield* Effect.forEach(reviews, (each) => recordsOf(each, now))
  const [events, audits] = [records.flatMap((each) => each.events), records.flatMap((each) => each.audits)]
  if (events.length + audits.length > 0) {
    yield* save(sql, { customers: [], consents: [], events, audits, keys: [] })
    yield* sql.afterCommit((yield* OutboxBell).ring)
  }
  return reviews.map(membershipsAfter)
})
