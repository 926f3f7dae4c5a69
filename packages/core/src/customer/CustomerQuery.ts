import { DateTime, Option, Result, Schema } from "effect"
import { Base64Url } from "effect/encoding"
import type { Customer, CustomerStatus, CustomerType } from "./Customer.ts"
import { CustomerId } from "./CustomerId.ts"
import type { SegmentLabel, Tier } from "./Standing.ts"

/** Where a page ended: the order is by creation, newest first, then by id. */
export interface Cursor {
  readonly createdAt: DateTime.Utc
  readonly id: CustomerId
}

/**
 * Which customers to list. All filters given must hold; `q` is a prefix of the email, first or last name in any
 * capitals; the moments themselves are left out.
 */
export interface CustomerQuery {
  readonly limit: number
  readonly after?: Cursor | undefined
  readonly email?: string | undefined
  readonly q?: string | undefined
  readonly status?: CustomerStatus | undefined
  readonly type?: CustomerType | undefined
  readonly segment?: SegmentLabel | undefined
  readonly tier?: Tier | undefined
  readonly createdAfter?: DateTime.Utc | undefined
  readonly createdBefore?: DateTime.Utc | undefined
  readonly updatedAfter?: DateTime.Utc | undefined
}

/** One page of customers; `next` is absent on the last. */
export interface CustomerPage {
  readonly customers: ReadonlyArray<Customer>
  readonly next?: Cursor | undefined
}

/** The page that `rows` are, where one row more than `limit` was asked for to see whether another follows. */
export const pageOf = (rows: ReadonlyArray<Customer>, limit: number): CustomerPage => {
  const customers = rows.slice(0, limit)
  const last = customers.at(-1)
  return rows.length > limit && last !== undefined
    ? { customers, next: { createdAt: last.createdAt, id: last.id } }
    : { customers }
}

// The years 1970 to 9999: every store can compare with these, not with all that an integer can say.
const CreationMillis = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 253_402_300_799_999 }))
const CursorFields = Schema.Tuple([CreationMillis, CustomerId])
const decodeFields = Schema.decodeUnknownOption(Schema.fromJsonString(CursorFields))

/** A cursor as text for a URL: opaque to callers. */
export const formatCursor = (cursor: Cursor): string =>
  Base64Url.encode(JSON.stringify([cursor.createdAt.epochMilliseconds, cursor.id]))

/** Reads what {@link formatCursor} wrote; undefined for anything else. */
export const parseCursor = (text: string): Cursor | undefined => {
  const fields = Option.flatMap(Result.getSuccess(Base64Url.decodeString(text)), decodeFields)
  if (Option.isNone(fields)) return undefined
  const [epochMilliseconds, id] = fields.value
  return { createdAt: DateTime.makeUnsafe(epochMilliseconds), id }
}
