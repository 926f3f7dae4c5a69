import { mentions } from "./mentions.ts"

/** What a column of the database holds of a person, and what an erasure leaves in it. */
export interface Column {
  readonly holds: "nothing personal" | "personal data" | "a secret"
  /** What an erasure puts in its place, as SQL over the row `t`; else it stays, or goes with its row. */
  readonly erasedTo?: string
  /** Anybody may have written anything here: it is searched for mail addresses and phones. */
  readonly searched?: boolean
  /** Why it may stay as it is. */
  readonly because?: string
}

/** A table, whose rows are whose, and what becomes of a customer's rows when she is erased. */
export interface Table {
  readonly name: string
  /** Which rows `t` are hers, as SQL that may refer to `given`; absent where no row is anybody's. */
  readonly hers?: string
  /** Which rows belong to nobody, as SQL; absent where each is somebody's. */
  readonly nobodys?: string
  readonly rows: "stay" | "go"
  readonly columns: Readonly<Record<string, Column>>
}

/** Nothing personal stands here. */
export const kept = (because: string): Column => ({ holds: "nothing personal", because })

/** Free text about no customer, in which one may be mentioned all the same. */
export const keptText = (because: string): Column => ({ ...kept(because), searched: true })

/** What stands in many tables and may stay. */
export const ids = kept("an id of ours, which leads to nobody once the rest is gone")
export const times = kept("says when something was written, not about whom")
export const counts = kept("a number of the service's own")
export const kinds = kept("one word of a few that the service knows")

/** Goes with its row. */
export const personal: Column = { holds: "personal data" }

/** Goes with its row, and is searched in rows that stay. */
export const personalText: Column = { ...personal, searched: true }

/** Is named in an export and not shown; goes with its row. */
export const secret: Column = { holds: "a secret" }

/** Overwritten with what `sql` says. */
export const overwritten = (sql: string): Column => ({ holds: "personal data", erasedTo: sql })

/** Overwritten, and searched in rows of nobody. */
export const overwrittenText = (sql: string): Column => ({ ...overwritten(sql), searched: true })

/** Names whoever acted, a colleague most often; overwritten where it is she. */
export const actor = (column: string): Column =>
  overwrittenText(`CASE WHEN ${mentions(`t.${column}`)} THEN 'erased' ELSE t.${column} END`)

/** The same for several columns. */
export const each = (columns: string, column: Column): Readonly<Record<string, Column>> =>
  Object.fromEntries(columns.split(" ").map((name) => [name, column]))

const id = "(SELECT id FROM given)"

/** Rows that name her in this column. */
export const namedIn = (column: string): string => `t.${column} = ${id}`

/** Her id, as SQL. */
export const herId = id
