import {
  auditDetails,
  CustomerTimeline,
  detailsOf,
  tellingParts,
  type TimelineActor,
  TimelinePages
} from "@customer-service/core"
import { DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"

const told = tellingParts.map((part) => `'${part}', e.envelope#>'{data,${part}}'`).join(", ")

/**
 * The newest $4 rows of the customer $1 below a place. Rows are compared with pairs, for only the index of pairs is in
 * their order: told that the customer is one, the planner would go through everybody's rows in the order of their ids.
 */
const newestBelow = (row: string, place: string): string => `
  (${row}.customer_id, ${row}.id) < ($1::uuid, ${place}::bigint) AND (${row}.customer_id, ${row}.id) > ($1::uuid, 0::bigint)
  ORDER BY ${row}.customer_id DESC, ${row}.id DESC LIMIT $4::int`

/**
 * The newest $4 events of the customer $1 below the place $2, and the newest $4 lines of her audit below $3. Both are
 * written while her row is locked, so that the ids of each are in the order of what happened. What an event says of her
 * stays in the database.
 */
export const timelineRows = `
(SELECT e.id::float8 AS place, 'event' AS source, (e.envelope->>'timestamp')::timestamptz AS "at",
  e.envelope->>'eventType' AS type, e.actor_kind AS "actorKind", e.actor,
  e.envelope#>>'{metadata,correlationId}' AS "correlationId", e.event_id AS "eventId", e.customer_version AS version,
  jsonb_strip_nulls(jsonb_build_object(${told})) AS telling
FROM outbox_events e WHERE ${newestBelow("e", "$2")})
UNION ALL
(SELECT a.id::float8, 'audit', a.recorded_at, a.action, a.actor_kind, a.actor, a.correlation_id, NULL,
  a.customer_version, jsonb_strip_nulls(jsonb_build_object('reason', a.reason) || coalesce(a.details, '{}'))
FROM customer_audits a WHERE ${newestBelow("a", "$3")})`

interface TimelineRow {
  readonly place: number
  readonly source: "event" | "audit"
  readonly at: Date
  readonly type: string
  readonly actorKind: TimelineActor["kind"] | null
  readonly actor: string | null
  readonly correlationId: string | null
  readonly eventId: string | null
  readonly version: number
  readonly telling: { readonly reason?: string }
}

const placedOf = ({ actor, actorKind, at, ...row }: TimelineRow): TimelinePages.PlacedEntry => ({
  place: row.place,
  entry: {
    at: DateTime.fromDateUnsafe(at),
    source: row.source,
    type: row.type,
    ...(actorKind === null || actor === null ? {} : { by: { kind: actorKind, subject: actor } }),
    ...(row.correlationId === null ? {} : { correlationId: row.correlationId }),
    ...(row.eventId === null ? {} : { eventId: row.eventId }),
    version: row.version,
    details: row.source === "event" ? detailsOf(row.type, row.telling) : auditDetails(row.telling)
  }
})

const make = Effect.map(SqlClient.SqlClient, (sql) =>
  CustomerTimeline.CustomerTimeline.of({
    page: (id, { after = TimelinePages.newest, limit }) =>
      answering(
        Effect.map(
          // Planned anew each time: a plan for a table that was nearly empty would not do when it has filled.
          sql.unsafe<TimelineRow>(timelineRows, [id, after.event, after.audit, limit + 1]).unprepared,
          (rows) => TimelinePages.pageOf(rows.map(placedOf), limit)
        )
      )
  })
)

/** Timelines in PostgreSQL, or in PGlite behind the same client. */
export const layer: Layer.Layer<CustomerTimeline.CustomerTimeline, never, SqlClient.SqlClient> = Layer.effect(
  CustomerTimeline.CustomerTimeline,
  make
)
