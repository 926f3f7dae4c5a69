import type { CustomerId } from "@customer-service/core"
import { Effect, Redacted } from "effect"
import type { SqlClient } from "effect/sql"
import { parsePhoneNumberFromString } from "libphonenumber-js/min"
import { createHash, createHmac } from "node:crypto"
import { phoneE164 } from "./phoneE164.ts"

/** What a customer was known by, as salted hashes: how many addresses and phones, and all their spellings. */
export interface Needles {
  readonly identifiers: number
  readonly salt: string
  readonly hashes: ReadonlyArray<string>
}

interface IdentifierRow {
  readonly email: string | null
  readonly phone: string | null
  readonly country: string | null
}

// Her journal tells what she was known by before. An address that somebody else has by now is that one's.
const identifiersOf = `
WITH known(email, phone, country) AS (
  SELECT email, NULL, NULL FROM customers WHERE id = $1
  UNION SELECT NULL, phone, NULL FROM customer_profiles WHERE customer_id = $1
  UNION SELECT NULL, phone, country_code FROM customer_addresses WHERE customer_id = $1
  UNION SELECT envelope#>>'{data,email}', NULL, NULL FROM outbox_events WHERE customer_id = $1
  UNION SELECT NULL, envelope#>>'{data,profile,phone}', NULL FROM outbox_events WHERE customer_id = $1
  UNION SELECT NULL, address->>'phone', address->>'country'
    FROM outbox_events, jsonb_path_query(envelope, '$.data.addresses[*]') AS address WHERE customer_id = $1
)
SELECT email, phone, country FROM known
WHERE coalesce(email, phone) IS NOT NULL AND NOT EXISTS (
  SELECT FROM customers o
  WHERE o.id <> $1 AND o.erased_at IS NULL AND lower(o.email) COLLATE "C" = lower(known.email) COLLATE "C")`

const digitsOf = (phone: string): string => phone.replaceAll(/[^0-9]/g, "").replace(/^0+/, "")

/** A phone as it may be written: as it was given, with its country, and as one dials within it. */
const spellingsOf = (phone: string, country: string | null): ReadonlyArray<string> => {
  const international = phoneE164(phone, country ?? undefined)
  const national = international === undefined ? undefined : parsePhoneNumberFromString(international)?.nationalNumber
  return [international, phone, national].flatMap((spelling) => (spelling === undefined ? [] : digitsOf(spelling)))
}

const spellings = ({ country, email, phone }: IdentifierRow): ReadonlyArray<string> =>
  email === null ? spellingsOf(phone ?? "", country) : [email.toLowerCase()]

/**
 * The salt of one customer's hashes. The key itself never reaches the database, whose logs may show parameters; and no
 * two customers' hashes can be compared.
 */
const saltOf = (key: Redacted.Redacted, id: CustomerId): string =>
  createHmac("sha256", Redacted.value(key)).update(`identifiers of ${id}`).digest("hex")

const hashOf = (salt: string, spelling: string): string =>
  createHash("sha256").update(`${salt}${spelling}`).digest("hex")

/** Hashes what a customer is and was known by, as long as it is there to be read. */
export const readNeedles = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  key: Redacted.Redacted,
  id: CustomerId
) {
  const salt = saltOf(key, id)
  const all = (yield* sql.unsafe<IdentifierRow>(identifiersOf, [id])).map(spellings)
  const needles: Needles = {
    identifiers: new Set(all.map(([first]) => first)).size,
    salt,
    hashes: [...new Set(all.flat())].map((spelling) => hashOf(salt, spelling))
  }
  return needles
})

/** Hashes that were kept, for another look. */
export const keptNeedles = (key: Redacted.Redacted, id: CustomerId, hashes: ReadonlyArray<string>) => ({
  salt: saltOf(key, id),
  hashes
})
