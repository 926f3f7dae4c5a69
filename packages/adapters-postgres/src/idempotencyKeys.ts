import { AlreadyAnswered, IdempotencyKeyReused, type Once, type Customer } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"

/** How long a key is remembered. */
const keptFor = "24 hours"

/** The row that remembers a keyed write, in the JSON form of `saveCustomers.ts`. */
export const keyRow = (once: Once, written: Customer, now: DateTime.Utc) => ({
  key: once.key,
  fingerprint: once.fingerprint,
  customerId: written.id,
  answer: once.answer(written),
  expiresAt: DateTime.formatIso(DateTime.addDuration(now, keptFor))
})

/** Remembers a keyed write that is about no customer, and what its caller is told. */
export const keepKey = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { fingerprint, key }: Pick<Once, "fingerprint" | "key">,
  answer: string
) {
  const expiresAt = DateTime.toDateUtc(DateTime.addDuration(yield* DateTime.now, keptFor))
  yield* sql`
    INSERT INTO idempotency_keys (key, fingerprint, answer, expires_at)
    VALUES (${key}, ${fingerprint}, ${answer}, ${expiresAt})`
})

/** Fails with the first answer where the key was used before, or for another body; expired keys are dropped. */
export const answered = (sql: SqlClient.SqlClient, once: Pick<Once, "fingerprint" | "key"> | undefined) =>
  once === undefined
    ? Effect.void
    : Effect.gen(function* () {
        const now = DateTime.toDateUtc(yield* DateTime.now)
        yield* sql`DELETE FROM idempotency_keys WHERE key = ${once.key} AND expires_at <= ${now}`
        const [earlier] = yield* sql<{ fingerprint: string; answer: string }>`
          SELECT fingerprint, answer FROM idempotency_keys WHERE key = ${once.key}`
        if (earlier === undefined) return
        if (earlier.fingerprint !== once.fingerprint) return yield* new IdempotencyKeyReused()
        return yield* new AlreadyAnswered({ answer: earlier.answer })
      })
