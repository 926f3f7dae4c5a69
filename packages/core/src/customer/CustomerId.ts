import { Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A customer's id: a UUID in lower case; those made here are version 7. */
export const CustomerId = Schema.String.annotate({ format: "uuid", description: "A customer's id." })
  .check(Schema.makeFilter((text) => uuid.test(text), { message: "must be a UUID" }))
  .pipe(Schema.brand("CustomerId"))
export type CustomerId = typeof CustomerId.Type

/** An address's id: a UUID in lower case; those made here are version 7. */
export const AddressId = Schema.String.annotate({ format: "uuid", description: "An address's id." })
  .check(Schema.makeFilter((text) => uuid.test(text), { message: "must be a UUID" }))
  .pipe(Schema.brand("AddressId"))
export type AddressId = typeof AddressId.Type

/** A Magento entity id: Magento's ids are unsigned 32-bit integers. */
export const LegacyId = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: 4294967295 }, { message: "must be between 1 and 4294967295" })
)
  .annotate({ description: "The id in Magento, of what came from there.", examples: [4711] })
  .pipe(Schema.brand("LegacyId"))
export type LegacyId = typeof LegacyId.Type

/** How a path names a customer: by id or by Magento id. */
export type CustomerReference =
  | { readonly _tag: "Id"; readonly id: CustomerId }
  | { readonly _tag: "LegacyId"; readonly legacyId: LegacyId }

/** Reads a path segment: a UUID of any version first, then an integer from 1 to 4294967295, else undefined. */
export const parseReference = (text: string): CustomerReference | undefined => {
  const lower = text.toLowerCase()
  if (uuid.test(lower)) return { _tag: "Id", id: lower as CustomerId }
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > 4294967295) return undefined
  return { _tag: "LegacyId", legacyId: Number(text) as LegacyId }
}

/** Reads an address's id from a path segment; undefined where it is no UUID. */
export const parseAddressId = (text: string): AddressId | undefined => {
  const lower = text.toLowerCase()
  return uuid.test(lower) ? (lower as AddressId) : undefined
}

/** A new customer id, UUID version 7. */
export const makeCustomerId: Effect.Effect<CustomerId, never, SecureRandom.SecureRandom> = Effect.map(
  Effect.flatMap(SecureRandom.SecureRandom, (random) => random.uuidV7()),
  (id) => id as CustomerId
)

/** A new address id, UUID version 7. */
export const makeAddressId: Effect.Effect<AddressId, never, SecureRandom.SecureRandom> = Effect.map(
  Effect.flatMap(SecureRandom.SecureRandom, (random) => random.uuidV7()),
  (id) => id as AddressId
)
