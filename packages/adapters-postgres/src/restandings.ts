import {
  type Change,
  CorrelationId,
  type Customer,
  type OutboxEvent,
  type StandingRecord
} from "@customer-service/core"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { recordRows, save } from "./changeRows.ts"
import { markOf } from "./reviewMarks.ts"
import { saveStandings } from "./saveStandings.ts"
import { standingRow, tierChangeRow } from "./StandingRow.ts"

/** A change of where a customer stands, decided on what was read while her row was locked. */
export interface Restanding {
  readonly customer: Customer
  readonly record: StandingRecord
  readonly change: Change
  /** What ties its events to what caused them. */
  readonly correlationId: string | undefined
}

const standingOf = ({ change, correlationId, customer, record }: Restanding) => {
  const { customer: after, standing = record } = change
  if (after === customer && change.standing === undefined) return []
  const [before, now] = [lastOrderOf(record), lastOrderOf(standing)]
  const mark = markOf({ customer, ...before }, { customer: after, ...now }, correlationId)
  const versionBefore = after === customer ? undefined : customer.version
  return [{ ...standingRow(after, standing, versionBefore), ...mark }]
}

const lastOrderOf = ({ lastOrderAt }: StandingRecord) => ({ lastOrderAt })

/** The order in which everybody writes rows, so that no two wait for each other. */
const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1)

const tierChangeOf = ({ change: { customer, tierChange } }: Restanding) =>
  tierChange === undefined ? [] : [tierChangeRow(customer.id, tierChange)]

const recordsOf = ({ change, correlationId }: Restanding) =>
  Effect.provideService(recordRows(change), CorrelationId, correlationId)

/**
 * Writes changes of standings, with their events, consents and audits, and events of nobody, in the transaction that
 * holds the customers' rows. Her profile and whatever else she has stays as it is. Answers whether there were events.
 */
export const writeRestandings = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  restandings: ReadonlyArray<Restanding>,
  eventsOfNobody: ReadonlyArray<OutboxEvent> = []
) {
  const standings = restandings.flatMap(standingOf).sort(byId)
  const tierChanges = restandings.flatMap(tierChangeOf)
  const moving = standings.filter(({ versionBefore }) => versionBefore !== undefined)
  if (standings.length + tierChanges.length > 0) {
    const moved = yield* saveStandings(sql, { standings, tierChanges })
    if (moved !== moving.length) return yield* Effect.die(new Error("A customer changed although her row is locked"))
  }
  const records = yield* Effect.forEach(restandings, recordsOf)
  const events = [...records.flatMap((rows) => rows.events), ...eventsOfNobody]
  const consents = records.flatMap((rows) => rows.consents)
  const audits = records.flatMap((rows) => rows.audits)
  if (events.length + consents.length + audits.length > 0) {
    yield* save(sql, { customers: [], consents, events, audits, keys: [] })
  }
  return events.length > 0
})
