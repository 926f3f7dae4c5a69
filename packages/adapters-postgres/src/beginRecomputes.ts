import type { SegmentId } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"

type Sql = SqlClient.SqlClient

// A planner that knows how many rows there are about spares the counting of millions.
const everybody = `(SELECT CASE WHEN reltuples < 10000 THEN (SELECT count(*)::int FROM customers) ELSE reltuples::int END
  FROM pg_class WHERE oid = 'customers'::regclass)`

const given = "ANY(ARRAY(SELECT given::uuid FROM jsonb_array_elements_text($1::text::jsonb) AS given))"

// What a step has put down shows to the next statement alone.
const lockRecomputes = `
SELECT segment_id FROM segment_recomputes WHERE segment_id = ${given} ORDER BY segment_id FOR UPDATE`

/** Whoever moved is told of first, whatever comes after. */
const isTelling = "r.state IN ('telling', 'leaving')"

const forget = (table: string, condition: string) => `
  DELETE FROM ${table} t USING segment_recomputes r
  WHERE t.segment_id = r.segment_id AND r.segment_id = ${given} AND ${condition}`

const forgetBoth = (condition: string) => `
WITH moves AS (${forget("segment_recompute_moves", condition)}
), touched AS (${forget("segment_recompute_touched", condition)}
)`

// $2 whether it is to happen whatever the rule, $3 now.
const begin = `${forgetBoth(`NOT ${isTelling}`)}
INSERT INTO segment_recomputes AS r (segment_id, total, is_demanded, started_at)
SELECT id, ${everybody}, $2::boolean, $3::timestamptz FROM customer_segments WHERE id = ${given} AND (NOT $2 OR NOT is_leaving)
ON CONFLICT (segment_id) DO UPDATE SET
  is_demanded = r.is_demanded OR excluded.is_demanded,
  is_again = ${isTelling},
  state = CASE WHEN ${isTelling} THEN r.state ELSE 'new' END,
  cursor = CASE WHEN ${isTelling} THEN r.cursor ELSE excluded.cursor END,
  done = CASE WHEN ${isTelling} THEN r.done ELSE 0 END,
  total = CASE WHEN ${isTelling} THEN r.total ELSE excluded.total END,
  started_at = CASE WHEN ${isTelling} THEN r.started_at ELSE excluded.started_at END,
  waits_for = NULL
RETURNING segment_id`

const started = Effect.fnUntraced(function* (sql: Sql, ids: ReadonlyArray<SegmentId>, isDemanded: boolean) {
  const now = DateTime.toDateUtc(yield* DateTime.now)
  const segments = JSON.stringify(ids)
  yield* sql.unsafe(lockRecomputes, [segments])
  return (yield* sql.unsafe(begin, [segments, isDemanded, now])).length
})

/**
 * Has segments recomputed from the beginning, by whoever has the rules alone; answers how many. Those that leave are on
 * their way already.
 */
export const demandRecomputes = (sql: Sql, ids: ReadonlyArray<SegmentId>) =>
  ids.length === 0 ? Effect.succeed(0) : started(sql, ids, true)

/** Has a segment recomputed whose rule is another one than before. */
export const beginRecompute = (sql: Sql, id: SegmentId) => started(sql, [id], false)

/** Sees to it that a segment is recomputed, from where that has come to. */
export const keepRecompute = Effect.fnUntraced(function* (sql: Sql, id: SegmentId) {
  const now = DateTime.toDateUtc(yield* DateTime.now)
  yield* sql.unsafe(
    `INSERT INTO segment_recomputes (segment_id, total, started_at) VALUES ($1, ${everybody}, $2) ON CONFLICT DO NOTHING`,
    [id, now]
  )
})

const stop = `${forgetBoth(`NOT ${isTelling}`)}, gone AS (
  DELETE FROM segment_recomputes r WHERE r.segment_id = ${given} AND NOT ${isTelling}
)
UPDATE segment_recomputes r SET is_again = FALSE WHERE r.segment_id = ${given} AND ${isTelling}`

/** Ends the recompute of a segment whose rule is the one in force again; one that is needed all the same begins anew. */
export const endRecompute = Effect.fnUntraced(function* (sql: Sql, id: SegmentId) {
  const [present] = yield* sql<{ readonly isDemanded: boolean }>`
    SELECT is_demanded AS "isDemanded" FROM segment_recomputes WHERE segment_id = ${id} FOR UPDATE`
  if (present?.isDemanded === true) yield* beginRecompute(sql, id)
  else if (present !== undefined) yield* sql.unsafe(stop, [JSON.stringify([id])])
})
