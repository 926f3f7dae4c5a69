import { dependenciesOfAll } from "@customer-service/core"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { readSegments } from "./SegmentRow.ts"

/** Tells writers of customers, and whoever keeps segments near, that a segment has become another one; answers all. */
export const reviseCatalog = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const { segments } = yield* readSegments(sql)
  yield* sql`
    UPDATE segment_catalog SET revision = revision + 1, fields = ${[...dependenciesOfAll(segments)]}::text[]`
  return segments
})
