import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * Who made an event happen; nobody knows of those from before. The pages of a timeline are read by the indexes that
 * are there: events and audits of a customer are found by her id and their own.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE outbox_events ADD COLUMN actor_kind VARCHAR(20), ADD COLUMN actor TEXT`.unprepared
})
