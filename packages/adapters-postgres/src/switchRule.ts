import { type CustomerId, dependentsOf, type Segment, type SegmentId, wantedOf } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { demandRecomputes } from "./beginRecomputes.ts"
import { byIndexAlone } from "./byIndexAlone.ts"
import { compareTouched } from "./compareCustomers.ts"
import { lowestId } from "./lowestId.ts"
import { applyMoves, beginTelling, dropErased, markTouched, putInForce } from "./recomputeStatements.ts"
import { ringForReviews } from "./reviewMarks.ts"
import { reviseCatalog } from "./segmentCatalogRow.ts"

type Sql = SqlClient.SqlClient

/** So many move in one statement: a server that is silent for too long is taken for dead. */
const together = 50_000

interface Moved {
  readonly count: number
  readonly last: CustomerId | null
}

const moveAll = Effect.fnUntraced(function* (sql: Sql, id: SegmentId, now: Date) {
  let [count, after] = [0, lowestId]
  while (true) {
    const [some] = yield* sql.unsafe<Moved>(applyMoves, [id, after, now, together])
    if (some === undefined || some.last === null) return count
    count += some.count
    after = some.last
  }
})

/** Whoever was reviewed by the old rule while everybody was compared is where the new one puts her too, at the switch. */
const catchUp = Effect.fnUntraced(function* (sql: Sql, segment: Segment, now: DateTime.Utc) {
  yield* sql.unsafe(byIndexAlone)
  yield* compareTouched(sql, segment, now)
  const rows = yield* sql.unsafe<{ readonly customer_id: CustomerId }>(markTouched, [
    segment.id,
    DateTime.toDateUtc(now)
  ])
  yield* ringForReviews(
    sql,
    rows.map(({ customer_id }) => customer_id)
  )
})

/**
 * Brings a segment's own rule into force, and with it the memberships by it, by whoever has the rules alone. Segments
 * whose rules ask for this one are recomputed where somebody moved. Answers how many did.
 */
export const switchRule = Effect.fnUntraced(function* (sql: Sql, segment: Segment, time: DateTime.Utc) {
  const { id, name } = segment
  const now = DateTime.toDateUtc(time)
  yield* catchUp(sql, segment, time)
  yield* sql.unsafe(dropErased, [id])
  yield* sql.unsafe(putInForce, [id])
  const moved = yield* moveAll(sql, id, now)
  const segments = yield* reviseCatalog(sql)
  if (moved === 0) return 0
  const { isActive, version } = wantedOf(segment)
  yield* sql.unsafe(beginTelling, [id, moved, version, isActive])
  yield* demandRecomputes(
    sql,
    dependentsOf(name, segments).map((dependent) => dependent.id)
  )
  return moved
})
