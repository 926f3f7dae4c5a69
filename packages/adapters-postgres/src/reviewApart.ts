import type { CustomerId } from "@customer-service/core"
import { Cause, DateTime, Effect, Result } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { isDeadlock } from "./deadlocks.ts"
import { isUnavailable } from "./storageErrors.ts"

/** For so many minutes a customer is left alone whose review fails, so that she holds up nobody. */
const pause = 60

// Whoever was reviewed meanwhile keeps what that came to.
const putOffMark = `
UPDATE customer_segment_reviews SET due_at = $3::timestamptz WHERE customer_id = $1 AND due_at <= $2::timestamptz`

/** Whether a customer made it fail, and not a database that does not answer, others in the way, or the process's end. */
export const isOfSomebody = (cause: Cause.Cause<SqlError.SqlError>): boolean => {
  if (Cause.hasInterrupts(cause)) return false
  const found = Cause.findError(cause)
  return Result.isFailure(found) || !(isUnavailable(found.success) || isDeadlock(found.success))
}

const putOff = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, customerId: CustomerId, now: DateTime.Utc) {
  const until = DateTime.add(now, { minutes: pause })
  yield* sql.unsafe(putOffMark, [customerId, DateTime.toDateUtc(now), DateTime.toDateUtc(until)])
  yield* Effect.logError(
    `A customer's memberships could not be reviewed; that is tried again in ${pause} minutes`
  ).pipe(Effect.annotateLogs({ customerId }))
  return [] as const
})

/** Reviews customers apart, each by `review`; one of whom that fails is put off. */
export const reviewApart = Effect.fnUntraced(function* <A>(
  sql: SqlClient.SqlClient,
  ids: ReadonlyArray<CustomerId>,
  now: DateTime.Utc,
  review: (id: CustomerId) => Effect.Effect<ReadonlyArray<A>, SqlError.SqlError>
) {
  const reviewed = yield* Effect.forEach(ids, (id) =>
    Effect.catchCauseIf(review(id), isOfSomebody, () => putOff(sql, id, now))
  )
  return reviewed.flat()
})
