import { type CustomerId, ErasedPlace, type ErasureProgress } from "@customer-service/core"
import { DateTime, Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import type { Needles } from "./identifiers.ts"

type Sql = SqlClient.SqlClient

/** What a running erasure has come to so far; without a version it has not begun to erase. */
export interface ProgressRow {
  readonly state: string
  readonly requestedAt: Date
  readonly startedAt: Date
  readonly needles: ReadonlyArray<string> | null
  readonly identifiers: number | null
  readonly erased: unknown
  readonly version: number | null
  readonly legacyId: number | null
}

const decodeErased = Schema.decodeUnknownSync(Schema.Array(ErasedPlace))

type Begun = Omit<ProgressRow, "version"> & { readonly version: number }

/** Whether the erasing itself is done. */
export const hasErased = (row: ProgressRow): row is Begun => row.version !== null

/** What an erasure has done. */
export const progressOf = ({
  erased,
  identifiers,
  legacyId,
  requestedAt,
  startedAt,
  version
}: Begun): ErasureProgress => ({
  requestedAt: DateTime.fromDateUnsafe(requestedAt),
  startedAt: DateTime.fromDateUnsafe(startedAt),
  erased: decodeErased(erased),
  identifiers: identifiers ?? 0,
  version,
  ...(legacyId === null ? {} : { legacyId })
})

/** The erasure's row; undefined where none was ever planned. */
export const readProgress = (sql: Sql, id: CustomerId) =>
  Effect.map(
    sql<ProgressRow>`
      SELECT state, requested_at AS "requestedAt", started_at AS "startedAt", needles, identifiers, erased, version,
        legacy_id::float8 AS "legacyId"
      FROM erasure_requests WHERE customer_id = ${id}`,
    ([row]) => row
  )

/** What the customer was, which her own row will not tell any more. */
export interface LastSeen {
  readonly legacyId: number | null
  readonly version: number
}

/** Keeps what was done, and what is to be looked for, until the erasure is finished. */
export const writeProgress = (
  sql: Sql,
  id: CustomerId,
  { legacyId, version }: LastSeen,
  { hashes, identifiers }: Needles,
  erased: ReadonlyArray<ErasedPlace>
) => sql`
  UPDATE erasure_requests SET
    needles = ${JSON.stringify(hashes)}::text::jsonb, identifiers = ${identifiers},
    erased = ${JSON.stringify(erased)}::text::jsonb, version = ${version}, legacy_id = ${legacyId}
  WHERE customer_id = ${id}`
