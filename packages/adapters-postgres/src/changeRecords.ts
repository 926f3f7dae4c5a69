import {
  type Change,
  type ChangeRecords,
  CredentialsChanged,
  type Customer,
  type CustomerId,
  TokenRefused
} from "@customer-service/core"
import { DateTime, Effect, Struct } from "effect"
import type { SqlClient } from "effect/sql"
import { cancelErasure, planErasure } from "./erasureRequests.ts"
import { postMails } from "./mailRows.ts"
import { saveStandings } from "./saveStandings.ts"
import { standingRow, tierChangeRow } from "./StandingRow.ts"

/** What a change brings with it that is not written by `saveCustomers.ts`; a newcomer's password and standing are. */
export const recordsOf = (change: Change, before: Customer | undefined): ChangeRecords =>
  before === undefined ? Struct.omit(change, ["passwordHash", "standing"]) : change

/** Whether there is anything to write beside what `saveCustomers.ts` does. */
export const hasRecords = ({ endsSessions, mails = [], ...records }: ChangeRecords): boolean => {
  const { erasure, passwordHash, spends, standing, tierChange } = records
  const given = [erasure, passwordHash, spends, standing, tierChange].some((record) => record !== undefined)
  return endsSessions === true || given || mails.length > 0
}

/** Locks the customer; answers whether she is still as she was read. */
export const hold = (sql: SqlClient.SqlClient, { id, version }: Customer) =>
  Effect.map(
    sql`
      SELECT id FROM customers WHERE id = ${id} AND version = ${version} AND erased_at IS NULL FOR NO KEY UPDATE`,
    (rows) => rows.length === 1
  )

/** Fails with `CredentialsChanged` where another session epoch has begun than the change was decided in. */
export const expectEpoch = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { customer: { id }, sessionEpoch }: Change
) {
  if (sessionEpoch === undefined) return
  const [row] = yield* sql<{ readonly epoch: number }>`
    SELECT session_epoch AS epoch FROM customer_credentials WHERE customer_id = ${id}`
  if ((row?.epoch ?? 0) !== sessionEpoch) return yield* new CredentialsChanged({ customerId: id })
})

/** Uses up the token that allows a change, where it needs one. Fails with `TokenRefused` where it is not to be had. */
export const spendToken = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, { customer: { id }, spends }: Change) {
  if (spends === undefined) return
  const now = DateTime.toDateUtc(yield* DateTime.now)
  const spent = yield* sql`
    DELETE FROM verification_tokens
    WHERE digest = ${spends} AND customer_id = ${id} AND expires_at > ${now} RETURNING digest`
  if (spent.length === 0) return yield* new TokenRefused()
})

/** A password that no mail stands behind does not settle whose account it is. */
const setPassword = (
  sql: SqlClient.SqlClient,
  id: CustomerId,
  hash: string | null,
  isProven: boolean,
  now: Date
) => sql`
  INSERT INTO customer_credentials (customer_id, password_hash, session_epoch, created_at, updated_at)
  VALUES (${id}, ${hash}, 1, ${now}, ${now})
  ON CONFLICT (customer_id) DO UPDATE SET
    password_hash = excluded.password_hash, session_epoch = customer_credentials.session_epoch + 1,
    contested = customer_credentials.contested AND NOT ${isProven}, updated_at = excluded.updated_at`

const endSessions = (sql: SqlClient.SqlClient, id: CustomerId, now: Date) => sql`
  INSERT INTO customer_credentials (customer_id, session_epoch, created_at, updated_at)
  VALUES (${id}, 1, ${now}, ${now})
  ON CONFLICT (customer_id) DO UPDATE SET session_epoch = customer_credentials.session_epoch + 1`

const withdrawEmailChange = (sql: SqlClient.SqlClient, id: CustomerId) => sql`
  DELETE FROM mail_queue WHERE customer_id = ${id} AND kind = 'confirm_email_change'`

const endTokens = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, id: CustomerId) {
  yield* sql`DELETE FROM verification_tokens WHERE customer_id = ${id}`
  yield* withdrawEmailChange(sql, id)
})

const keepStanding = (sql: SqlClient.SqlClient, customer: Customer, { standing, tierChange }: ChangeRecords) =>
  standing === undefined && tierChange === undefined
    ? Effect.void
    : saveStandings(sql, {
        standings: standing === undefined ? [] : [standingRow(customer, standing)],
        tierChanges: tierChange === undefined ? [] : [tierChangeRow(customer.id, tierChange)]
      })

/** Writes what a change brings with it, in the transaction of the change, once the customer's row is locked. */
export const keepRecords = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  customer: Customer,
  records: ChangeRecords
) {
  const { endsSessions, erasure, mails = [], passwordHash, spends } = records
  const { id } = customer
  const now = DateTime.toDateUtc(yield* DateTime.now)
  if (passwordHash !== undefined) yield* setPassword(sql, id, passwordHash, spends !== undefined, now)
  else if (endsSessions === true) yield* endSessions(sql, id, now)
  if (spends !== undefined || passwordHash !== undefined || endsSessions === true) yield* endTokens(sql, id)
  if (mails.some(({ kind }) => kind === "confirm_email_change")) yield* withdrawEmailChange(sql, id)
  if (mails.length > 0) yield* postMails(sql, mails)
  if (erasure === null) yield* cancelErasure(sql, id)
  else if (erasure !== undefined) yield* planErasure(sql, id, erasure)
  yield* keepStanding(sql, customer, records)
})
