import type { CustomerId, MailKind, MailRequest } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import type { SqlClient } from "effect/sql"

/** A message as its row holds it. */
export interface MailRow {
  readonly id: string
  readonly kind: MailKind
  readonly customerId: CustomerId | null
  readonly recipient: string
  readonly passwordHash: string | null
  readonly attempts: number
}

/** The request that a row was made of. */
export const requestOf = ({ customerId, kind, passwordHash, recipient }: MailRow): MailRequest => {
  if (kind === "verify_email" || kind === "reset_password") return { kind, recipient }
  if (customerId === null) throw new Error(`A message of the kind ${kind} names no customer`)
  if (kind !== "verify_registration") return { kind, recipient, customerId }
  return passwordHash === null ? { kind, recipient, customerId } : { kind, recipient, customerId, passwordHash }
}

const rowOf = Effect.fnUntraced(function* (request: MailRequest) {
  const random = yield* SecureRandom.SecureRandom
  return { id: yield* random.uuidV7(), ...request }
})

// The owner is locked while this looks whether she is erased: an erasure that runs meanwhile is waited for.
const insert = `
INSERT INTO mail_queue (id, kind, customer_id, recipient, password_hash, due_at, created_at)
SELECT id, kind, "customerId", recipient, "passwordHash", $2::timestamptz, $2::timestamptz
FROM ROWS FROM (jsonb_to_recordset($1::text::jsonb) AS (id uuid, kind text, "customerId" uuid, recipient text,
  "passwordHash" text)) WITH ORDINALITY AS x(id, kind, "customerId", recipient, "passwordHash", place)
WHERE (SELECT erased_at FROM customers WHERE customers.id = x."customerId" FOR SHARE) IS NULL
ORDER BY place`

/** Puts messages into the queue, in order; those to customers who are erased are left out. */
export const postMails = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, requests: ReadonlyArray<MailRequest>) {
  const rows = yield* Effect.forEach(requests, rowOf)
  yield* sql.unsafe(insert, [JSON.stringify(rows), DateTime.toDateUtc(yield* DateTime.now)])
})
