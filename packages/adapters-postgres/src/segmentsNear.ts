import { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { readSegments, type SegmentsAt } from "./SegmentRow.ts"

/**
 * The segments of the newest revision, kept in this process: one and the same list as long as that stands, so that what
 * is made of them is made once. How far their recomputes are is as of when the list was read.
 */
export interface SegmentsNear {
  readonly now: Effect.Effect<SegmentsAt, SqlError.SqlError>
  /** Those of a revision; others where it is not the newest. */
  readonly at: (revision: number) => Effect.Effect<SegmentsAt, SqlError.SqlError>
}

export const makeSegmentsNear = (sql: SqlClient.SqlClient): SegmentsNear => {
  let near: SegmentsAt = { revision: -1, segments: [] }

  const read = Effect.map(readSegments(sql), (found) => {
    if (found.revision > near.revision) near = found
    return found.revision === near.revision ? near : found
  })

  const at = (revision: number) => Effect.suspend(() => (near.revision === revision ? Effect.succeed(near) : read))

  const now = Effect.flatMap(
    sql<{ readonly revision: number }>`SELECT revision::float8 AS revision FROM segment_catalog`,
    ([row]) => at(row?.revision ?? 0)
  )

  return { now, at }
}
