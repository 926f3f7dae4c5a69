import { Effect, Option } from "effect"
import { type CachedCustomer, CustomerCache, type Tombstone } from "../customer/CustomerCache.ts"
import { LegacyId } from "../customer/CustomerId.ts"
import { type ErasedCustomer, HolderUnavailable, type PersonalDataHolder } from "./PersonalDataHolder.ts"

const name = "cache"

const answering = Effect.mapError(() => new HolderUnavailable({ holder: name }))

const parse = (text: string): unknown => JSON.parse(text)

const isCustomer = (entry: CachedCustomer | Tombstone): entry is CachedCustomer => entry.json !== undefined

const places = { customers: ["document", "addresses"], legacyIds: ["id"] } as const

/**
 * The customers in a cache. An erased one leaves a tombstone of her last version, so that no slow reader brings her
 * back.
 */
export const cachedPersonalData: Effect.Effect<PersonalDataHolder, never, CustomerCache> = Effect.map(
  CustomerCache,
  (cache) => {
    const customerOf = (id: ErasedCustomer["id"]) => Effect.map(cache.get(id), Option.filter(isCustomer))

    const isMapped = ({ id, legacyId }: ErasedCustomer) =>
      legacyId === undefined
        ? Effect.succeed(false)
        : Effect.map(cache.findByLegacyId(LegacyId.make(legacyId)), Option.contains(id))

    const placesOf = Effect.fnUntraced(function* (customer: ErasedCustomer) {
      const isThere = { customers: Option.isSome(yield* customerOf(customer.id)), legacyIds: yield* isMapped(customer) }
      return (["customers", "legacyIds"] as const).filter((place) => isThere[place])
    })

    return {
      name,
      erase: (customer) =>
        Effect.gen(function* () {
          const held = yield* placesOf(customer)
          yield* cache.put(customer.id, { version: customer.version, json: undefined })
          if (customer.legacyId !== undefined) yield* cache.forgetLegacyId(LegacyId.make(customer.legacyId))
          return held.map((place) => ({ store: name, place, fields: places[place], count: 1 }))
        }).pipe(answering),
      remainders: (customer) =>
        placesOf(customer).pipe(
          Effect.map((held) => held.map((place) => ({ store: name, place, count: 1 }))),
          answering
        ),
      exportOf: (id) =>
        customerOf(id).pipe(
          Effect.map((found) =>
            Option.toArray(found).map(({ addresses, json }) => ({ document: parse(json), addresses: parse(addresses) }))
          ),
          answering
        )
    }
  }
)
