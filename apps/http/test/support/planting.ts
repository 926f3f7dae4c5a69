import { randomInt, randomUUID } from "node:crypto"
import type { Query } from "./dumps.ts"
import type { FullLife } from "./fullLife.ts"
import { type PersonalColumn, personalColumns } from "./personalColumns.ts"

/** Rows that nothing in the API writes yet, or that its courier takes away at once. */
const rowsBesideTheApi = async (query: Query, { canary, email, id }: FullLife): Promise<void> => {
  const legacyId = randomInt(1, 4_294_967_295)
  await query("UPDATE customers SET legacy_id = $2 WHERE id = $1", [id, legacyId])
  await query(
    `INSERT INTO migration_id_mapping (entity_type, legacy_id, new_id, migration_batch)
     VALUES ('customer', $2, $1, 'the first')`,
    [id, legacyId]
  )
  const mail = `INSERT INTO mail_queue (id, kind, customer_id, recipient, password_hash, due_at, created_at)
    VALUES ($1, $2, $3, $4, $5, now() + interval '1 day', now())`
  await query(mail, [randomUUID(), "verify_registration", id, `${canary.next()}@example.net`, `$2b$${canary.next()}`])
  // This one says only for which address it is meant.
  await query(mail, [randomUUID(), "reset_password", null, email, null])
}

/** Rows of her memberships, as somebody decided them and as a recompute that is under way leaves them. */
const rowsOfSegments = async (query: Query, { id }: FullLife): Promise<void> => {
  const values = [id, randomUUID()]
  await query(
    "INSERT INTO customer_segments (id, name, rules) VALUES ($1, 'everybody', '{\"all\": []}')",
    values.slice(1)
  )
  await query("INSERT INTO customer_segment_memberships (customer_id, segment_id) VALUES ($1, $2)", values)
  await query(
    `INSERT INTO customer_segment_exceptions (customer_id, segment_id, member, reason, made_by, made_at)
     VALUES ($1, $2, TRUE, 'as agreed', 'a colleague', now())`,
    values
  )
  await query(
    "INSERT INTO segment_recompute_moves (customer_id, segment_id, joins, by_hand) VALUES ($1, $2, TRUE, TRUE)",
    values
  )
  await query("INSERT INTO segment_recompute_touched (customer_id, segment_id) VALUES ($1, $2)", values)
  // Not due: a review would take away what is planted in it.
  await query(
    `INSERT INTO customer_segment_reviews (customer_id, due_at) VALUES ($1, now() + interval '1 day')
     ON CONFLICT (customer_id) DO UPDATE SET due_at = excluded.due_at`,
    [id]
  )
}

/** Rows that come of what other services tell of her, and of a bus that refuses what this one tells. */
const rowsOfEvents = async (query: Query, { canary, id }: FullLife): Promise<void> => {
  await query(
    `INSERT INTO outbox_refusals (outbox_id, chain, customer_id, refusals, waits, reason, retry_at)
     SELECT id, customer_id, customer_id, 1, 0, $2, now() + interval '1 day'
     FROM outbox_events WHERE customer_id = $1 ORDER BY id LIMIT 1`,
    [id, `refused ${canary.next()}`]
  )
  await query(
    `INSERT INTO customer_orders (order_id, customer_id, total, completed_at, occurred_at, event_id)
     VALUES ($2, $1, 12.5, now(), now(), $3)`,
    [id, `order ${canary.next()}`, canary.next()]
  )
  await query(
    "INSERT INTO customer_loyalty_events (event_id, customer_id, points, occurred_at) VALUES ($2, $1, 5, now())",
    [id, canary.next()]
  )
  await query(
    `INSERT INTO dead_letters (id, topic, event_id, reason, detail, customer_id, message, created_at)
     VALUES (gen_random_uuid(), 'orders.order.completed', $2, 'malformed', $3, $1, $4, now())`,
    [id, canary.next(), `detail ${canary.next()}`, JSON.stringify({ note: canary.next() })]
  )
}

/** What the rows of hers hold in a column, as text; undefined where it is null. */
export const valuesOf = async (
  query: Query,
  { column, owner, table }: PersonalColumn,
  { id }: Pick<FullLife, "id">
): Promise<ReadonlyArray<string | undefined>> => {
  const rows = await query(`SELECT ${column}::text AS value FROM ${table} WHERE ${owner} = $1`, [id])
  return rows.map(({ value }) => (typeof value === "string" ? value : undefined))
}

const withCanary = ({ column, isJson }: PersonalColumn): string =>
  isJson
    ? `CASE jsonb_typeof(${column}) WHEN 'object' THEN ${column} ELSE '{}' END || jsonb_build_object('planted', $2::text)`
    : "$2::text"

/** Whether a column can hold a canary: a day, a flag or one of three words cannot. */
export const canHoldCanary = ({ isJson, takesText }: PersonalColumn): boolean => isJson || takesText

// These name whoever acted, who is a colleague and nobody's canary: unless it is she, under her mail address.
const actors: ReadonlySet<string> = new Set([
  "customer_audits.actor",
  "customer_tier_history.changed_by",
  "erasure_requests.requested_by",
  "outbox_events.actor"
])

// Nobody who is there has messages that wait for her: they are applied at once.
const passing: ReadonlySet<string> = new Set(["parked_events"])

// An erasure under way keeps its own notes here.
const notes: ReadonlySet<string> = new Set(["erasure_requests.needles"])

const nameOf = ({ column, table }: PersonalColumn): string => `${table}.${column}`

/** Whether a column holds one of hers; phones have none but their digits. */
const holdsCanary = (values: ReadonlyArray<string | undefined>, { canary }: FullLife): boolean =>
  values.some((text) => canary.traces.some((trace) => text?.includes(trace) === true))

const plant = async (query: Query, column: PersonalColumn, life: FullLife): Promise<void> => {
  const present = await valuesOf(query, column, life)
  if (present.length === 0) throw new Error(`She has no row in ${column.table}: let her have one`)
  if (!canHoldCanary(column) || holdsCanary(present, life)) return
  const { owner, table } = column
  await query(
    `UPDATE ${table} SET ${column.column} = ${withCanary(column)}
     WHERE ctid = (SELECT ctid FROM ${table} WHERE ${owner} = $1 LIMIT 1)`,
    [life.id, actors.has(nameOf(column)) ? life.email : life.canary.next()]
  )
}

/**
 * Writes a canary into every column that the registry calls personal, where nothing of the API's has left one: also
 * into those that somebody will add. Answers the columns. Fails where she has no row in such a table.
 */
export const plantEverywhere = async (query: Query, life: FullLife): Promise<ReadonlyArray<PersonalColumn>> => {
  await rowsBesideTheApi(query, life)
  await rowsOfSegments(query, life)
  await rowsOfEvents(query, life)
  const columns = (await personalColumns(query)).filter(
    (column) => !notes.has(nameOf(column)) && !passing.has(column.table)
  )
  for (const column of columns) await plant(query, column, life)
  return columns
}
