import { DateTime, Effect } from "effect"
import { SqlClient } from "effect/sql"

/** How many erasures would be claimed now: those whose time has come, and those whose runner has died. */
export const count = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const now = DateTime.toDateUtc(yield* DateTime.now)
  const [row] = yield* sql<{ readonly count: number }>`
    SELECT count(*)::int AS count FROM erasure_requests
    WHERE state = 'planned' AND due_at <= ${now} OR state = 'running' AND lease_until <= ${now}`
  return row?.count ?? 0
})
