import { MailQueue } from "@customer-service/core"
import { DateTime, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"
import { type MailRow, postMails, requestOf } from "./mailRows.ts"

// The delay is that of `delayAfter` in core.
const claimDue = `
WITH due AS MATERIALIZED (
  SELECT id FROM mail_queue WHERE due_at <= $1::timestamptz ORDER BY due_at, position LIMIT $2::int
  FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE mail_queue m SET attempts = attempts + 1,
    due_at = $1::timestamptz + least($3::float8 * 2 ^ least(attempts, 16), 10800) * interval '1 second'
  FROM due WHERE m.id = due.id
  RETURNING m.id, m.position, m.kind, m.customer_id, m.recipient, m.password_hash, m.attempts
)
SELECT id, kind, customer_id AS "customerId", recipient, password_hash AS "passwordHash", attempts
FROM claimed ORDER BY position`

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom

  return MailQueue.MailQueue.of({
    post: (request) => answering(Effect.provideService(postMails(sql, [request]), SecureRandom.SecureRandom, random)),
    claim: Effect.fnUntraced(function* (most, delaySeconds) {
      const now = DateTime.toDateUtc(yield* DateTime.now)
      const rows = yield* sql.unsafe<MailRow>(claimDue, [now, most, delaySeconds])
      return rows.map((row) => ({ id: row.id, request: requestOf(row), attempts: row.attempts }))
    }, answering),
    delivered: (id) => answering(Effect.asVoid(sql`DELETE FROM mail_queue WHERE id = ${id}`)),
    isWaiting: (id) => answering(Effect.map(sql`SELECT id FROM mail_queue WHERE id = ${id}`, (rows) => rows.length > 0))
  })
})

/** The queue of messages in PostgreSQL, or in PGlite behind the same client; several couriers share it. */
export const layer: Layer.Layer<MailQueue.MailQueue, never, SqlClient.SqlClient | SecureRandom.SecureRandom> =
  Layer.effect(MailQueue.MailQueue, make)
