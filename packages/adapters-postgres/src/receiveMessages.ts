import { type CustomerId, envelopDeadLetter, type Inbox } from "@customer-service/core"
import { DateTime, Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import type { SqlClient } from "effect/sql"
import { byIndexAlone } from "./byIndexAlone.ts"
import { deadRow, type Letter, messageRow, orderRow, parkedRow, pointsRow, storable } from "./inboxRows.ts"
import { keepMessages, noteMessages, restated } from "./inboxStatements.ts"
import { type Restanding, writeRestandings } from "./restandings.ts"
import { type Found, sortMessages, type Sorted } from "./sortMessages.ts"
import { figuresIn, standingOf, type StandingRow, thresholds } from "./StandingRow.ts"
import { lockCustomers } from "./standingStatements.ts"

type Sql = SqlClient.SqlClient
type Message = Inbox.Delivery | Inbox.Undeliverable

/** Somebody has an order by now who did not have it when the transaction began: it has to begin anew. */
export class OrderContested extends Schema.TaggedError<OrderContested>()("OrderContested", {}) {}

interface NotedRow extends Omit<Found, "message"> {
  readonly isErased: boolean
  readonly ownerOfOrder: CustomerId | null
}

type Noted = NotedRow & Pick<Found, "message">

const note = Effect.fnUntraced(function* (sql: Sql, messages: ReadonlyArray<Message>, now: Date) {
  yield* sql.unsafe(byIndexAlone)
  const rows = yield* sql.unsafe<NotedRow>(noteMessages, [JSON.stringify(messages.map(messageRow)), now])
  return rows.flatMap((row, place) => messages.slice(place, place + 1).map((message): Noted => ({ ...row, message })))
})

/** Whose row has to be locked for a message: hers, and that of whoever has the order so far. */
const concernedBy = ({ isErased, isKnown, isNew, message, owner, ownerOfOrder }: Noted): ReadonlyArray<CustomerId> => {
  const isMoot = owner === null || isErased || (message._tag === "Delivery" ? !isNew : isKnown)
  return isMoot ? [] : ownerOfOrder === null ? [owner] : [owner, ownerOfOrder]
}

/** Locks rows before anything of theirs is read, always in the same order; answers who is there still. */
const lock = Effect.fnUntraced(function* (sql: Sql, ids: ReadonlySet<CustomerId>) {
  if (ids.size === 0) return new Set<CustomerId>()
  const rows = yield* sql.unsafe<{ readonly id: CustomerId }>(lockCustomers, [JSON.stringify([...ids])])
  return new Set(rows.map(({ id }) => id))
})

interface KeptRow {
  readonly changed: ReadonlyArray<{ readonly id: CustomerId; readonly eventId: string }>
  readonly isContested: boolean
  readonly died: ReadonlyArray<string>
}

const nothing: KeptRow = { changed: [], isContested: false, died: [] }

const lettersOf = ({ dead }: Sorted) =>
  Effect.flatMap(SecureRandom.SecureRandom, (random) =>
    Effect.forEach(dead, (message) => Effect.map(random.uuidV7(), (id): Letter => ({ ...message, id })))
  )

const asJson = (rows: ReadonlyArray<unknown>): string => JSON.stringify(rows)

const idOf = ({ eventId, topic }: Message) => ({ event_id: eventId, topic })

/** What becomes of the messages, with the letters of those that are given up. */
interface Lot extends Sorted {
  readonly letters: ReadonlyArray<Letter>
}

const keep = Effect.fnUntraced(function* (
  sql: Sql,
  { letters, parked, settled, told }: Lot,
  until: DateTime.Utc,
  held: ReadonlySet<CustomerId>,
  now: Date
) {
  const [row = nothing] = yield* sql.unsafe<KeptRow>(keepMessages, [
    asJson(told.flatMap(orderRow)),
    asJson(told.flatMap(pointsRow)),
    asJson([...settled, ...letters].map(idOf)),
    asJson(parked.map((delivery) => parkedRow(delivery, until))),
    asJson(settled.map(idOf)),
    asJson(letters.map(deadRow)),
    [...held],
    now
  ])
  return row.isContested ? yield* new OrderContested() : row
})

/** The message that changed each customer's figures last, in the order in which they came. */
const causesOf = ({ told }: Sorted, { changed }: KeptRow): ReadonlyMap<CustomerId, string | undefined> => {
  const places = new Map(told.map(({ delivery }, place) => [delivery.eventId, place]))
  const placeOf = (eventId: string): number => places.get(eventId) ?? 0
  const inOrder = changed.toSorted((one, other) => placeOf(one.eventId) - placeOf(other.eventId))
  return new Map(inOrder.map(({ eventId, id }) => [id, told[placeOf(eventId)]?.delivery.correlationId]))
}

interface RestatedRow extends StandingRow {
  readonly figures: unknown
}

const load = Effect.fnUntraced(function* (
  sql: Sql,
  ids: ReadonlyArray<CustomerId>,
  changed: ReadonlySet<CustomerId>,
  { policy }: Inbox.Restating
) {
  const all = [...new Set([...ids, ...changed])]
  if (all.length === 0) return []
  const wanted = asJson(all.map((id) => ({ id, changed: changed.has(id) })))
  const rows = yield* sql.unsafe<RestatedRow>(restated, [wanted, ...thresholds(policy)])
  return rows.map(({ figures, ...row }) => ({ ...standingOf(row), figures }))
})

type Loaded = Effect.Success<ReturnType<typeof load>>[number]

/** Decides where a customer stands whose figures have changed; nothing where they have not. */
const decided =
  (causes: ReturnType<typeof causesOf>, { restate }: Inbox.Restating) =>
  ({ customer, figures, record }: Loaded): ReadonlyArray<Restanding> =>
    causes.has(customer.id)
      ? [
          {
            customer,
            record,
            change: restate(customer, record, figuresIn(figures)),
            correlationId: causes.get(customer.id)
          }
        ]
      : []

/** Each customer as she is from now on. */
const customersAfter = (loaded: ReadonlyArray<Loaded>, restandings: ReadonlyArray<Restanding>) => {
  const written = new Map(restandings.map(({ change, customer }) => [customer.id, change.customer]))
  return loaded.map(({ customer }) => written.get(customer.id) ?? customer)
}

const eventOf = ({ detail, eventId, id: deadLetterId, reason, topic }: Letter, now: DateTime.Utc) =>
  envelopDeadLetter({ deadLetterId, topic, eventId, reason, detail }, now)

/**
 * Takes in messages within a transaction, in a handful of statements however many there are: notes their ids, locks the
 * customers, keeps what the messages tell, reads what it comes to, decides and writes. Answers what became of them, and
 * whether events were written. Fails with {@link OrderContested} where it has to be begun anew.
 */
export const receiveMessages = Effect.fnUntraced(function* (
  sql: Sql,
  messages: ReadonlyArray<Message>,
  restating: Inbox.Restating
) {
  const time = yield* DateTime.now
  const now = DateTime.toDateUtc(time)
  const noted = yield* note(sql, messages.map(storable), now)
  const held = yield* lock(sql, new Set(noted.flatMap(concernedBy)))
  const sorted = sortMessages(noted, held)
  const letters = yield* lettersOf(sorted)
  const kept = yield* keep(sql, { ...sorted, letters }, restating.parkedUntil, held, now)
  const causes = causesOf(sorted, kept)
  const loaded = yield* load(
    sql,
    noted.flatMap(({ owner }) => owner ?? []),
    new Set(causes.keys()),
    restating
  )
  const restandings = loaded.flatMap(decided(causes, restating))
  const dead = letters.filter(({ id }) => kept.died.includes(id))
  const events = yield* Effect.forEach(dead, (letter) => eventOf(letter, time))
  const rings = yield* writeRestandings(sql, restandings, events)
  const received: Inbox.Received = { fates: sorted.fates, customers: customersAfter(loaded, restandings) }
  return { received, rings }
})
