import { type CustomerId, PersonalDataStore } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { personalData } from "../src/personalData.ts"
import { everything } from "./support/beside.ts"
import { pglite, postgres } from "./support/database.ts"
import { audit, beginErasure, finish, keep, type Known, known, post, sendToken } from "./support/people.ts"
import { allColumns, type Column, dump } from "./support/tables.ts"
import { everyMessage, override, receive, receiveUndelivered, saying, senseless } from "./support/told.ts"

const phone = "+49 30 901820555"
const birthDate = "1931-07-19"
const legacyId = 3_141_592_653

/** Values that must have a certain form; any other text may be any word. */
const formed = ({ email }: Known): Readonly<Record<string, string | number>> => ({
  "customers.email": email,
  "customers.legacy_id": legacyId,
  "customer_audits.actor": email.toUpperCase(),
  "outbox_events.actor": email.toUpperCase(),
  "erasure_requests.requested_by": email,
  "mail_queue.recipient": email,
  "customer_profiles.phone": phone,
  "customer_profiles.phone_e164": "+4930901820555",
  "customer_profiles.date_of_birth": birthDate,
  "customer_addresses.phone": phone,
  "customer_addresses.phone_e164": "+4930901820555",
  "customer_addresses.legacy_id": legacyId,
  "customer_tier_history.changed_by": email,
  "parked_events.legacy_id": legacyId,
  "dead_letters.legacy_id": legacyId
})

/** Columns whose values are too few, or too short, to tell anybody apart. */
const tooNarrow = new Set([
  "consent_ledger.channel",
  "consent_ledger.state",
  "customer_addresses.country_code",
  "customer_addresses.type",
  "customer_preferences.currency",
  "customer_profiles.gender"
])

const nameOf = ({ name, table }: Column): string => `${table}.${name}`

const canHoldWords = ({ type }: Column): boolean => ["text", "character varying", "jsonb", "json"].includes(type)

/** Columns of customers' rows that are declared to hold something personal, or a secret, in words. */
const personalColumns = Effect.map(allColumns, (columns) =>
  columns.filter((column) => {
    const table = personalData.find(({ name }) => name === column.table)
    const isPersonal = table?.columns[column.name]?.holds !== "nothing personal"
    return (
      isPersonal && table?.hers !== undefined && (canHoldWords(column) || /legacy_id|date_of_birth/.test(column.name))
    )
  })
)

/** The id that the mapping of an import has for her. */
const mappedId = (id: CustomerId): number => Number.parseInt(id.slice(-8), 16)

const rowsOf = (id: CustomerId) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      INSERT INTO outbox_refusals (outbox_id, chain, customer_id, refusals, waits, dead_at)
      SELECT id, customer_id, customer_id, 1, 0, now() FROM outbox_events WHERE customer_id = ${id}`
    yield* sql`
      INSERT INTO customer_segment_memberships (customer_id, segment_id) SELECT ${id}, id FROM customer_segments`
    yield* sql`
      INSERT INTO customer_segment_exceptions (customer_id, segment_id, member, reason, made_by, made_at)
      SELECT ${id}, id, TRUE, 'as was agreed', 'ada', now() FROM customer_segments`
    yield* sql`
      INSERT INTO segment_recompute_moves (customer_id, segment_id, joins, by_hand)
      SELECT ${id}, id, TRUE, FALSE FROM customer_segments`
    yield* sql`UPDATE customer_audits SET details = '{}' WHERE customer_id = ${id}`
    yield* sql`
      INSERT INTO segment_recompute_touched (customer_id, segment_id) SELECT ${id}, id FROM customer_segments`
    yield* sql`INSERT INTO migration_id_mapping (entity_type, legacy_id, new_id) VALUES ('customer', ${mappedId(id)}, ${id})`
  })

/** Whatever other services and colleagues may say about her, as it is kept. */
const spokenOf = Effect.fnUntraced(function* ({ email, id, word }: Known) {
  const sql = yield* SqlClient.SqlClient
  yield* receive(yield* everyMessage([id], "on her orders"))
  yield* override(id, "as was agreed")
  const [dead] = yield* everyMessage([id], `${word} letter`)
  if (dead !== undefined) yield* receiveUndelivered([dead])
  yield* receive([senseless(`${word} wrote from ${email.toUpperCase()}`)])
  // What came before she did names her by ids that nobody had then.
  const nobody = { topic: "x", message: `${word} parked`, at: new Date(0) }
  yield* sql`
    INSERT INTO parked_events (event_id, topic, customer_id, message, received_at, until)
    VALUES (${word}, ${nobody.topic}, ${id}, ${nobody.message}, ${nobody.at}, ${nobody.at})`
  yield* sql`
    INSERT INTO parked_events (event_id, topic, legacy_id, message, received_at, until)
    VALUES (${`${word}-mapped`}, ${nobody.topic}, ${mappedId(id)}, ${nobody.message}, ${nobody.at}, ${nobody.at})`
})

/** A customer of whom every table holds something. */
const knownEverywhere = Effect.gen(function* () {
  const person = yield* known(phone)
  const { email, id } = person
  yield* keep(id, {
    audits: [audit("she says so")],
    passwordHash: "$hash",
    mails: [{ kind: "verify_registration", recipient: email, customerId: id, passwordHash: "$hash" }]
  })
  yield* sendToken(id, email)
  yield* post(email)
  yield* rowsOf(id)
  yield* spokenOf(person)
  return person
})

/** Puts a canary into one column of all her rows. */
const plant = Effect.fnUntraced(function* (person: Known, column: Column) {
  const sql = yield* SqlClient.SqlClient
  const owner = column.table === "customers" ? "id" : "customer_id"
  const text = formed(person)[nameOf(column)] ?? `${person.word} ${column.name}`.slice(0, column.length ?? undefined)
  const value =
    column.type === "jsonb"
      ? sql`${sql(column.name)} || jsonb_build_object('canary', ${person.word}::text)`
      : sql`${text}`
  yield* sql`UPDATE ${sql(column.table)} SET ${sql(column.name)} = ${value} WHERE ${sql(owner)} = ${person.id}`
})

const plantAll = Effect.fnUntraced(function* (person: Known) {
  const columns = (yield* personalColumns).filter((column) => !tooNarrow.has(nameOf(column)))
  yield* Effect.forEach(columns, (column) => plant(person, column), { discard: true })
  return columns
})

const canariesOf = ({ word }: Known): ReadonlyArray<string> => [
  word,
  word.toUpperCase(),
  phone,
  "4930901820555",
  birthDate,
  String(legacyId)
]

const textOf = (tables: Readonly<Record<string, ReadonlyArray<string>>>): string =>
  Object.values(tables).flat().join("\n")

const linesOf = (tables: Readonly<Record<string, ReadonlyArray<string>>>, id: CustomerId): ReadonlyArray<string> =>
  Object.values(tables)
    .flat()
    .filter((line) => line.includes(id))

/** What the shop has earned by her. */
const figuresOf = Effect.fnUntraced(function* (id: CustomerId) {
  const sql = yield* SqlClient.SqlClient
  const [metrics] = yield* sql`
    SELECT tier, segment, loyalty_points::float8 AS points, total_spent::text AS spent, order_count, last_order_at
    FROM customer_metrics WHERE customer_id = ${id}`
  return { metrics, orders: yield* sql`SELECT total::text AS total FROM customer_orders WHERE customer_id = ${id}` }
})

const namesOfOrders = (id: CustomerId) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql<{ readonly orderId: string; readonly eventId: string }>`
      SELECT order_id AS "orderId", event_id AS "eventId" FROM customer_orders WHERE customer_id = ${id}`
  )

/** Columns of hers without a canary, in which one was planted. */
const unplanted = Effect.fnUntraced(function* (person: Known, columns: ReadonlyArray<Column>) {
  const sql = yield* SqlClient.SqlClient
  const empty = yield* Effect.forEach(columns, (column) =>
    Effect.map(sql<{ text: string }>`SELECT ${sql(column.name)}::text AS text FROM ${sql(column.table)}`, (rows) =>
      rows.some(({ text }) => canariesOf(person).some((canary) => text?.includes(canary))) ? [] : [nameOf(column)]
    )
  )
  return empty.flat()
})

for (const [name, database] of [["PGlite", pglite] as const, ["PostgreSQL", postgres] as const]) {
  layer(Layer.provideMerge(everything, database))(`canaries in every personal column on ${name}`, (it) => {
    it.effect("are exported, and found nowhere once she is erased, while others' rows stay as they are", () =>
      Effect.gen(function* () {
        const store = yield* PersonalDataStore
        const other = yield* known("+49 30 901820777")
        yield* keep(other.id, { audits: [audit("not she")], passwordHash: "$other" })
        yield* sendToken(other.id, other.email)
        yield* post(other.email)
        const person = yield* knownEverywhere
        yield* beginErasure(person.id)
        const columns = yield* plantAll(person)
        assert.deepStrictEqual(yield* unplanted(person, columns), ["erasure_requests.needles"])

        const exported = JSON.stringify(yield* store.exportOf(person.id))
        for (const canary of [phone, birthDate, String(legacyId), `${person.word} city`, `${person.word} reason`]) {
          assert.include(exported, canary)
        }
        for (const secret of ["digest", "password_hash", "key"]) {
          assert.notInclude(exported, `${person.word} ${secret}`)
        }

        const before = yield* dump
        yield* store.erase(person.id)
        assert.deepStrictEqual(yield* store.remainders(person.id), [])
        yield* finish(person.id)
        const after = yield* dump
        for (const canary of canariesOf(person)) assert.notInclude(textOf(after), canary)
        assert.deepStrictEqual(linesOf(after, other.id), linesOf(before, other.id))
        assert.include(textOf(after), other.word)
        assert.deepStrictEqual(after["migration_id_mapping"], before["migration_id_mapping"])
      })
    )

    it.effect("leave the figures of her orders, and nobody to whom they lead", () =>
      Effect.gen(function* () {
        const store = yield* PersonalDataStore
        const person = yield* knownEverywhere
        const before = yield* figuresOf(person.id)
        assert.deepStrictEqual(before.orders, [{ total: "1500.0000" }])
        assert.deepInclude(before.metrics, { tier: "vip", points: 50, spent: "1500.0000" })
        yield* beginErasure(person.id)
        yield* store.erase(person.id)
        assert.deepStrictEqual(yield* figuresOf(person.id), before)
        const [order] = yield* namesOfOrders(person.id)
        for (const id of [order?.orderId, order?.eventId]) assert.match(id ?? "", /^erased-[0-9a-f-]{36}$/)
        yield* store.erase(person.id)
        assert.deepStrictEqual<unknown>(yield* namesOfOrders(person.id), [order])
      })
    )

    it.effect("do not come back with what other services say later", () =>
      Effect.gen(function* () {
        const store = yield* PersonalDataStore
        const person = yield* knownEverywhere
        yield* beginErasure(person.id)
        yield* store.erase(person.id)
        const before = yield* dump
        const late = yield* everyMessage([person.id, person.id.toUpperCase(), mappedId(person.id)], person.word)
        const letters = late.map((message) => saying(message, person.email))
        assert.deepStrictEqual(new Set(yield* receiveUndelivered(letters)), new Set(["known"]))
        assert.deepStrictEqual(new Set(yield* receive(late)), new Set(["known"]))
        assert.deepStrictEqual(new Set(yield* receiveUndelivered(letters)), new Set(["known"]))
        const after = yield* dump
        assert.deepStrictEqual({ ...after, processed_events: [] }, { ...before, processed_events: [] })
        assert.deepStrictEqual(yield* store.remainders(person.id), [])
      })
    )
  })
}
