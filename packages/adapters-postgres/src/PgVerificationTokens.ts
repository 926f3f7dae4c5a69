import { VerificationTokens } from "@customer-service/core"
import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"

type Token = VerificationTokens.VerificationToken

interface TokenRow extends Omit<Token, "passwordHash" | "issuedAt" | "expiresAt"> {
  readonly passwordHash: string | null
  readonly issuedAt: Date
  readonly expiresAt: Date
}

const tokenOf = ({ expiresAt, issuedAt, passwordHash, ...row }: TokenRow): Token => ({
  ...row,
  ...(passwordHash === null ? {} : { passwordHash }),
  issuedAt: DateTime.fromDateUnsafe(issuedAt),
  expiresAt: DateTime.fromDateUnsafe(expiresAt)
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const find = Effect.fnUntraced(function* (digest: string) {
    const [row] = yield* sql<TokenRow>`
      SELECT digest, purpose, customer_id AS "customerId", target, password_hash AS "passwordHash",
        issued_at AS "issuedAt", expires_at AS "expiresAt"
      FROM verification_tokens
      WHERE digest = ${digest} AND expires_at > ${DateTime.toDateUtc(yield* DateTime.now)}`
    return Option.map(Option.fromUndefinedOr(row), tokenOf)
  })

  /** Of two tokens issued at once the later must end the earlier: both wait for the customer's row. */
  const issue = Effect.fnUntraced(function* (token: Token) {
    const { customerId, digest, purpose, target, passwordHash = null } = token
    const [issuedAt, expiresAt] = [DateTime.toDateUtc(token.issuedAt), DateTime.toDateUtc(token.expiresAt)]
    const owners = yield* sql`
      SELECT id FROM customers WHERE id = ${customerId} AND erased_at IS NULL FOR NO KEY UPDATE`
    if (owners.length === 0) return
    if (passwordHash === null) {
      yield* sql`DELETE FROM verification_tokens WHERE customer_id = ${customerId} AND purpose = ${purpose}`
    }
    yield* sql`
      INSERT INTO verification_tokens (digest, purpose, customer_id, target, password_hash, issued_at, expires_at)
      VALUES (${digest}, ${purpose}, ${customerId}, ${target}, ${passwordHash}, ${issuedAt}, ${expiresAt})`
  })

  return VerificationTokens.VerificationTokens.of({
    issue: (token) => answering(sql.withTransaction(issue(token))),
    find: (digest) => answering(find(digest))
  })
})

/** Tokens in PostgreSQL, or in PGlite behind the same client. */
export const layer: Layer.Layer<VerificationTokens.VerificationTokens, never, SqlClient.SqlClient> = Layer.effect(
  VerificationTokens.VerificationTokens,
  make
)
