import { ConsentLedger, type CustomerId } from "@customer-service/core"
import { DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"

interface LineRow extends Omit<ConsentLedger.LedgerLine, "at"> {
  readonly at: Date
}

const lineOf = ({ at, ...row }: LineRow): ConsentLedger.LedgerLine => ({ ...row, at: DateTime.fromDateUnsafe(at) })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const columns = sql.literal(`id::float8 AS place, purpose, channel, state = 'granted' AS granted, source,
    recorded_by AS "by", recorded_at AS "at"`)

  const list = (id: CustomerId, limit: number, after: number) => sql<LineRow>`
    SELECT ${columns} FROM consent_ledger WHERE customer_id = ${id} AND id > ${after}
    ORDER BY id LIMIT ${limit + 1}`

  const asOf = (id: CustomerId, moment: DateTime.Utc) => sql<LineRow>`
    SELECT * FROM (
      SELECT DISTINCT ON (purpose, channel) ${columns} FROM consent_ledger
      WHERE customer_id = ${id} AND recorded_at <= ${DateTime.toDateUtc(moment)}
      ORDER BY purpose, channel, consent_ledger.id DESC
    ) last ORDER BY place`

  return ConsentLedger.ConsentLedger.of({
    list: (id, { after = 0, limit }) =>
      answering(Effect.map(list(id, limit, after), (rows) => ConsentLedger.pageOf(rows.map(lineOf), limit))),
    asOf: (id, moment) => answering(Effect.map(asOf(id, moment), (rows) => rows.map(lineOf)))
  })
})

/** The ledger of consents in PostgreSQL, or in PGlite behind the same client. */
export const layer: Layer.Layer<ConsentLedger.ConsentLedger, never, SqlClient.SqlClient> = Layer.effect(
  ConsentLedger.ConsentLedger,
  make
)
