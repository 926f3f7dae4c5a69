import { type CustomerId, envelop, membershipMoved, reasonOfRule, type SegmentId } from "@customer-service/core"
import type { DateTime } from "effect"
import { Array, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { byIndexAlone } from "./byIndexAlone.ts"
import { save } from "./changeRows.ts"
import { forgetMoves, untoldMoves } from "./recomputeStatements.ts"

/** A move by a rule of which others are still to be told: the rule's version, and whether the segment is switched on. */
export interface UntoldMove {
  readonly name: string
  readonly joins: boolean
  readonly version: number
  readonly isActive: boolean
}

/** The event of a move by a rule. */
export const moveEvent = (
  customer: { readonly id: CustomerId; readonly version: number },
  { isActive, joins, name, version }: UntoldMove
) => membershipMoved(customer, { name, inForce: { version } }, joins, reasonOfRule(version, isActive))

/** So many events at a time are in memory: they are gone before anything takes them for lasting. */
const together = 200

interface MovedRow {
  readonly id: CustomerId
  readonly version: number
  readonly joins: boolean
  readonly isThere: boolean
}

/** Which moves to tell of: those by the rule of one segment, behind a customer. */
interface Telling extends Omit<UntoldMove, "joins"> {
  readonly segmentId: SegmentId
  readonly cursor: string
}

const tell = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  telling: Telling,
  rows: ReadonlyArray<MovedRow>,
  now: DateTime.Utc
) {
  const told = yield* Effect.forEach(rows, ({ id, joins, version }) =>
    envelop({ id, version, updatedAt: now }, [moveEvent({ id, version }, { ...telling, joins })])
  )
  yield* save(sql, { customers: [], consents: [], events: told.flat(), keys: [], audits: [] })
})

/** Tells of the next moves, at most `most`, in a transaction; answers how many there were, and who was the last. */
export const tellMoves = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  telling: Telling,
  most: number,
  now: DateTime.Utc
) {
  const { cursor, segmentId } = telling
  yield* sql.unsafe(byIndexAlone)
  const rows = yield* sql.unsafe<MovedRow>(untoldMoves, [segmentId, cursor, most])
  const there = rows.filter(({ isThere }) => isThere)
  yield* Effect.forEach(Array.chunksOf(there, together), (some) => tell(sql, telling, some, now), { discard: true })
  const last = rows.at(-1)
  if (last !== undefined) yield* sql.unsafe(forgetMoves, [segmentId, cursor, last.id])
  return { count: rows.length, last: last?.id, isAny: there.length > 0 }
})
