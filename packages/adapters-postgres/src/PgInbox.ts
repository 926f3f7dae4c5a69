import { Inbox, ReviewBell, StorageUnavailable } from "@customer-service/core"
import { DateTime, Effect, Layer, Option, Schema, Semaphore } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient, type SqlError } from "effect/sql"
import { answering } from "./answering.ts"
import { attempts, isDeadlock } from "./deadlocks.ts"
import { deadLetterOf, type DeadLetterRow, parkedOf, type ParkedRow } from "./inboxRows.ts"
import { dueParked } from "./inboxStatements.ts"
import { OutboxBell } from "./OutboxBell.ts"
import { OrderContested, receiveMessages } from "./receiveMessages.ts"

type Message = Inbox.Delivery | Inbox.Undeliverable

/** So many transactions at a time: the connections that are left are for those who ask for something. */
const atATime = 4

const isLetterId = Schema.is(Schema.String.check(Schema.isUUID()))

const nothing: Inbox.Received = { fates: [], customers: [] }

/** Whether the transaction would succeed, were it begun anew. */
const isPassing = (error: OrderContested | SqlError.SqlError): boolean =>
  error instanceof OrderContested || isDeadlock(error)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const reviewBell = yield* ReviewBell
  const bell = yield* OutboxBell
  const turns = Semaphore.makeUnsafe(atATime)

  const receive = (messages: ReadonlyArray<Message>, restating: Inbox.Restating) =>
    sql.withTransaction(receiveMessages(sql, messages, restating)).pipe(
      Effect.retry({ times: attempts, while: isPassing }),
      Effect.catchTag("OrderContested", () => Effect.fail(new StorageUnavailable())),
      turns.withPermits(1),
      Effect.tap(({ rings }) => (rings ? bell.ring : Effect.void)),
      Effect.map(({ received }) => received),
      Effect.provideService(SecureRandom.SecureRandom, random),
      Effect.provideService(ReviewBell, reviewBell)
    )

  const due = Effect.fnUntraced(function* (most: number) {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    // Planned anew each time: nothing may wait at the next look, or very much.
    const rows = yield* sql.unsafe<ParkedRow>(dueParked, [now, most]).unprepared
    return rows.map(parkedOf)
  })

  const letters = sql`SELECT id, topic, event_id AS "eventId", reason, detail, message, created_at AS since FROM dead_letters`

  const counts = Effect.map(
    sql<{ readonly parked: number; readonly dead: number }>`
      SELECT (SELECT count(*)::int FROM parked_events) AS parked, (SELECT count(*)::int FROM dead_letters) AS dead`,
    ([row]) => row ?? { parked: 0, dead: 0 }
  )

  return Inbox.Inbox.of({
    receive: (messages, restating) =>
      messages.length === 0 ? Effect.succeed(nothing) : answering(receive(messages, restating)),
    dueParked: (most) => answering(due(most)),
    dead: (most) =>
      answering(
        Effect.map(sql<DeadLetterRow>`${letters} ORDER BY created_at, id LIMIT ${most}`, (rows) =>
          rows.map(deadLetterOf)
        )
      ),
    findDead: Effect.fnUntraced(function* (id) {
      if (!isLetterId(id)) return Option.none()
      const [row] = yield* sql<DeadLetterRow>`${letters} WHERE id = ${id}`
      return Option.map(Option.fromUndefinedOr(row), deadLetterOf)
    }, answering),
    dropDead: Effect.fnUntraced(function* (id) {
      if (!isLetterId(id)) return false
      return (yield* sql`DELETE FROM dead_letters WHERE id = ${id} RETURNING id`).length > 0
    }, answering),
    counts: answering(counts)
  })
})

/** Messages of other services in PostgreSQL, or in PGlite behind the same client; any number of processes take them in. */
export const layer: Layer.Layer<Inbox.Inbox, never, SqlClient.SqlClient | SecureRandom.SecureRandom> = Layer.effect(
  Inbox.Inbox,
  make
)
