import { EventJournal } from "@customer-service/core"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { answering } from "./answering.ts"
import { OutboxBell, ringing } from "./OutboxBell.ts"
import { outboxStatus } from "./outboxStatements.ts"
import { countReplay, replayEvents } from "./replayEvents.ts"
import { orUnavailable } from "./storageErrors.ts"

interface StatusRow extends Pick<EventJournal.OutboxStatus, "dead" | "unpublished" | "waiting"> {
  readonly oldestAt: Date | null
  readonly lastPublishedAt: Date | null
}

const momentOf = (at: Date | null): DateTime.Utc | undefined => (at === null ? undefined : DateTime.fromDateUnsafe(at))

const statusOf = ({ lastPublishedAt, oldestAt, ...counts }: StatusRow): EventJournal.OutboxStatus => ({
  ...counts,
  oldestAt: momentOf(oldestAt),
  lastPublishedAt: momentOf(lastPublishedAt)
})

const emptyOutbox: EventJournal.OutboxStatus = { unpublished: 0, waiting: 0, dead: 0 }

interface DeadRow extends Omit<EventJournal.DeadEvent, "customerId" | "since"> {
  readonly customerId: string | null
  readonly since: Date
}

const deadEventOf = ({ customerId, since, ...row }: DeadRow): EventJournal.DeadEvent => ({
  ...row,
  customerId: customerId ?? undefined,
  since: DateTime.fromDateUnsafe(since)
})

const isEventId = Schema.is(Schema.String.check(Schema.isUUID()))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const bell = yield* OutboxBell

  const deadEvents = sql`
    SELECT event_id AS "eventId", topic, e.customer_id AS "customerId", reason, refusals, dead_at AS since
    FROM outbox_refusals JOIN outbox_events e ON e.id = outbox_id WHERE dead_at IS NOT NULL`

  /** Nothing holds the event back any more; none where it is not dead. */
  const revived = (eventId: string) => sql`
    DELETE FROM outbox_refusals USING outbox_events e
    WHERE event_id = ${eventId} AND e.id = outbox_id AND dead_at IS NOT NULL RETURNING outbox_id`

  const dropped = (eventId: string) => sql`
    WITH revived AS (${revived(eventId)})
    UPDATE outbox_events SET dropped_at = now() FROM revived WHERE id = outbox_id RETURNING id`

  /** Changes a dead event; answers whether there was one. */
  const changing = (change: (eventId: string) => Effect.Effect<ReadonlyArray<unknown>, SqlError.SqlError>) =>
    Effect.fnUntraced(
      function* (eventId: string) {
        return isEventId(eventId) && (yield* change(eventId)).length > 0
      },
      ringing(bell),
      answering
    )

  return EventJournal.EventJournal.of({
    status: orUnavailable(
      Effect.map(sql.unsafe<StatusRow>(outboxStatus), (rows) => rows.map(statusOf)[0] ?? emptyOutbox)
    ),
    dead: (most) =>
      answering(
        Effect.map(sql<DeadRow>`${deadEvents} ORDER BY dead_at, outbox_id LIMIT ${most}`, (rows) =>
          rows.map(deadEventOf)
        )
      ),
    findDead: Effect.fnUntraced(function* (eventId) {
      if (!isEventId(eventId)) return Option.none()
      const [row] = yield* sql<DeadRow>`${deadEvents} AND event_id = ${eventId}`
      return Option.map(Option.fromUndefinedOr(row), deadEventOf)
    }, answering),
    retry: changing(revived),
    drop: changing(dropped),
    replay: (replay, { dryRun }) =>
      orUnavailable(dryRun ? countReplay(sql, replay) : replayEvents(sql, replay, bell.ring))
  })
})

/** The journal of all events in PostgreSQL, or in PGlite behind the same client. */
export const layer: Layer.Layer<EventJournal.EventJournal, never, SqlClient.SqlClient> = Layer.effect(
  EventJournal.EventJournal,
  make
)
