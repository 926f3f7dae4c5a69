import { Credentials, type CustomerId, Email } from "@customer-service/core"
import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { answering } from "./answering.ts"

interface AccountRow extends Omit<Credentials.Account, "passwordHash"> {
  readonly passwordHash: string | null
}

const accountOf = ({ passwordHash, ...row }: AccountRow): Credentials.Account =>
  passwordHash === null ? row : { ...row, passwordHash }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const lookUp = (condition: Statement.Fragment) =>
    Effect.map(
      sql<AccountRow>`
        SELECT c.id AS "customerId", c.email, c.status, c.email_verified AS "emailVerified",
          k.password_hash AS "passwordHash", coalesce(k.session_epoch, 0) AS "sessionEpoch",
          coalesce(k.contested, false) AS contested
        FROM customers c LEFT JOIN customer_credentials k ON k.customer_id = c.id
        WHERE ${condition} AND c.erased_at IS NULL`,
      ([row]) => Option.map(Option.fromUndefinedOr(row), accountOf)
    )

  const contest = (id: CustomerId) => sql`
    UPDATE customer_credentials SET contested = true WHERE customer_id = ${id} AND password_hash IS NOT NULL`

  const rehash = Effect.fnUntraced(function* (id: CustomerId, from: string, to: string) {
    yield* sql`
      UPDATE customer_credentials SET password_hash = ${to}, updated_at = ${DateTime.toDateUtc(yield* DateTime.now)}
      WHERE customer_id = ${id} AND password_hash = ${from}`
  })

  return Credentials.Credentials.of({
    findByEmail: (email) => answering(lookUp(sql`lower(c.email) COLLATE "C" = ${Email.uniqueForm(email)}`)),
    find: (id) => answering(lookUp(sql`c.id = ${id}`)),
    rehash: (id, from, to) => answering(rehash(id, from, to)),
    contest: (id) => answering(Effect.asVoid(contest(id)))
  })
})

/** Credentials in PostgreSQL, or in PGlite behind the same client. */
export const layer: Layer.Layer<Credentials.Credentials, never, SqlClient.SqlClient> = Layer.effect(
  Credentials.Credentials,
  make
)
