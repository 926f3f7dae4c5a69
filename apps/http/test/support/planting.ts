import { randomInt, randomUUID } from "node:crypto"
import type { Query } from "./dumps.ts"
import type { FullLife } from "./fullLife.ts"
import { type PersonalColumn, personalColumns } from "./personalColumns.ts"

/** Rows that nothing in the API writes yet, or that its courier takes away at once. */
const rowsBesideTheApi = async (query: Query, { canary, email, id }: FullLife): Promise<void> => {
  const legacyId = randomInt(1, 4_294_967_295)
  const segmentId = randomUUID()
  await query("UPDATE customers SET legacy_id = $2 WHERE id = $1", [id, legacyId])
  await query(
    `INSERT INTO migration_id_mapping (entity_type, legacy_id, new_id, migration_batch)
     VALUES ('customer', $2, $1, 'the first')`,
    [id, legacyId]
  )
  await query("INSERT INTO customer_segments (id, name, rules) VALUES ($1, 'everybody', '{\"all\": []}')", [segmentId])
  await query("INSERT INTO customer_segment_memberships (customer_id, segment_id) VALUES ($1, $2)", [id, segmentId])
  const mail = `INSERT INTO mail_queue (id, kind, customer_id, recipient, password_hash, due_at, created_at)
    VALUES ($1, $2, $3, $4, $5, now() + interval '1 day', now())`
  await query(mail, [randomUUID(), "verify_registration", id, `${canary.next()}@example.net`, `$2b$${canary.next()}`])
  // This one says only for which address it is meant.
  await query(mail, [randomUUID(), "reset_password", null, email, null])
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
const actors: ReadonlySet<string> = new Set(["customer_audits.actor", "erasure_requests.requested_by"])

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
  const columns = (await personalColumns(query)).filter((column) => !notes.has(nameOf(column)))
  for (const column of columns) await plant(query, column, life)
  return columns
}
