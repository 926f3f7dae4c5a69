import { CustomerQuery, Email } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import * as customerParts from "./customerParts.ts"
import { type CustomerRow, customerOf } from "./CustomerRow.ts"

const highestCodePoint = "\u{10FFFF}"

/** Text that starts with `prefix` lies between it and it followed by the highest code point, byte by byte. */
const startsWith = (sql: SqlClient.SqlClient, column: string, prefix: string): Statement.Fragment =>
  sql`(${sql.literal(column)} COLLATE "C" >= ${prefix} AND ${sql.literal(column)} COLLATE "C" < ${prefix + highestCodePoint})`

const filters = (sql: SqlClient.SqlClient, query: CustomerQuery.CustomerQuery): ReadonlyArray<Statement.Fragment> => {
  const conditions: Array<Statement.Fragment> = [sql`c.erased_at IS NULL`]
  const instant = (time: DateTime.Utc) => DateTime.toDateUtc(time)
  if (query.after !== undefined) {
    conditions.push(
      sql`(c.created_at, c.id) < (${instant(query.after.createdAt)}::timestamptz, ${query.after.id}::uuid)`
    )
  }
  if (query.email !== undefined) conditions.push(sql`lower(c.email) COLLATE "C" = ${Email.uniqueForm(query.email)}`)
  if (query.q !== undefined) {
    const prefix = query.q.toLowerCase()
    const columns = ["lower(c.email)", "lower(c.first_name)", "lower(c.last_name)"]
    conditions.push(sql.or(columns.map((column) => startsWith(sql, column, prefix))))
  }
  if (query.status !== undefined) conditions.push(sql`c.status = ${query.status}`)
  if (query.type !== undefined) conditions.push(sql`c.customer_type = ${query.type}`)
  if (query.segment !== undefined) conditions.push(sql`m.segment = ${query.segment}`)
  if (query.tier !== undefined) conditions.push(sql`m.tier = ${query.tier}`)
  if (query.createdAfter !== undefined) conditions.push(sql`c.created_at > ${instant(query.createdAfter)}`)
  if (query.createdBefore !== undefined) conditions.push(sql`c.created_at < ${instant(query.createdBefore)}`)
  if (query.updatedAfter !== undefined) conditions.push(sql`c.updated_at > ${instant(query.updatedAfter)}`)
  return conditions
}

/** The statement that reads a page and one customer more, newest first. */
export const pageStatement = (sql: SqlClient.SqlClient, query: CustomerQuery.CustomerQuery) =>
  sql<CustomerRow>`
    SELECT ${sql.literal(customerParts.joined.select)} FROM ${sql.literal(customerParts.joined.from)}
    WHERE ${sql.and(filters(sql, query))}
    ORDER BY c.created_at DESC, c.id DESC LIMIT ${query.limit + 1}`

/** A page of customers. Planned anew each time: which index serves best depends on the values. */
export const listCustomers = (sql: SqlClient.SqlClient, query: CustomerQuery.CustomerQuery) =>
  Effect.map(pageStatement(sql, query).unprepared, (rows) => CustomerQuery.pageOf(rows.map(customerOf), query.limit))
