import { type CustomerId, dependentsOf, type Segment, type SegmentId, wantedOf } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { demandRecomputes } from "./beginRecomputes.ts"
import { byIndexAlone } from "./byIndexAlone.ts"
import { lowestId } from "./lowestId.ts"
import { applyMoves, beginTelling, dropErased, dropErasedMarks, putInForce } from "./recomputeStatements.ts"
import { reviseCatalog } from "./segmentCatalogRow.ts"
import { compareAllTouched, markAllTouched } from "./touchedCustomers.ts"

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

/** Takes as long as it takes: what is given up is begun again, and takes as long. */
const beginning = `${byIndexAlone}, set_config('statement_timeout', '0', true)`

/** Has others told of those who moved, and segments recomputed whose rules ask for this one. */
const follow = Effect.fnUntraced(function* (sql: Sql, segment: Segment, moved: number) {
  const segments = yield* reviseCatalog(sql)
  if (moved === 0) return
  const { isActive, version } = wantedOf(segment)
  yield* sql.unsafe(beginTelling, [segment.id, moved, version, isActive])
  yield* demandRecomputes(
    sql,
    dependentsOf(segment.name, segments).map((dependent) => dependent.id)
  )
})

/**
 * Brings a segment's own rule into force, and with it the memberships by it, by whoever has the rules alone. Segments
 * whose rules ask for this one are recomputed where somebody moved. Answers how many did.
 */
export const switchRule = Effect.fnUntraced(function* (sql: Sql, segment: Segment, time: DateTime.Utc) {
  const { id } = segment
  const now = DateTime.toDateUtc(time)
  yield* sql.unsafe(beginning)
  yield* compareAllTouched(sql, segment, time)
  yield* sql.unsafe(dropErased, [id])
  yield* sql.unsafe(putInForce, [id])
  const moved = yield* moveAll(sql, id, now)
  yield* follow(sql, segment, moved)
  yield* sql.unsafe(dropErasedMarks)
  // Last, since whoever writes one of these customers waits for her mark from here on.
  yield* markAllTouched(sql, id, now)
  return moved
})
