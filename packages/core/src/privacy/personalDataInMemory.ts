import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import { accountPlaces } from "./accountInMemory.ts"
import type { ErasedPlace } from "./ErasureReceipt.ts"
import type { Remainder } from "./PersonalDataStore.ts"
import { mentions, type Person, type Place } from "./PlaceInMemory.ts"
import { membershipPlaces } from "./membershipsInMemory.ts"
import { messagePlaces, standingPlaces } from "./standingInMemory.ts"

type Memory = CustomerMemory["Service"]

const own = [...accountPlaces, ...standingPlaces, ...membershipPlaces]

// The one registry: export, erasure and the look afterwards all go by it.
const places = [...own, ...messagePlaces]

const heldIn = (some: ReadonlyArray<Place>, memory: Memory, person: Person) =>
  Object.fromEntries(some.map(({ held, place }) => [place, held(memory, person)]))

/** Everything that the memory holds of a customer, by place. */
export const exported = (memory: Memory, person: Person): Readonly<Record<string, ReadonlyArray<unknown>>> =>
  heldIn(places, memory, person)

const personalIn = ({ held, personal = held }: Place, memory: Memory, person: Person) => personal(memory, person)

/** Lets go of everything personal; answers what was taken from where. */
export const eraseAll = (memory: Memory, person: Person): ReadonlyArray<ErasedPlace> => {
  const erased = places.flatMap((place) => {
    const count = personalIn(place, memory, person).length
    return count === 0 ? [] : [{ store: "database", place: place.place, fields: place.fields, count }]
  })
  for (const { erase } of places) erase(memory, person)
  return erased
}

const identifying = new Set(["email", "phone", "recipient", "target"])

const identifiersIn = (value: unknown, key = ""): ReadonlyArray<string> => {
  if (typeof value === "string") return identifying.has(key) && value !== "" ? [value.toLowerCase()] : []
  if (Array.isArray(value)) return value.flatMap((inner) => identifiersIn(inner, key))
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => identifiersIn(inner, name))
}

/** A customer with every mail address and phone that the memory knows of her, those that she had before too. */
export const personOf = (memory: Memory, id: CustomerId): Person => {
  const nameless: Person = { id, identifiers: new Set(), legacyId: memory.customers.get(id)?.legacyId }
  const known = { ...nameless, identifiers: new Set(identifiersIn(heldIn(accountPlaces, memory, nameless))) }
  return { ...known, identifiers: new Set(identifiersIn(heldIn(own, memory, known))) }
}

/**
 * What is still there of a customer, by place: what is personal, and what of hers mentions a mail address or phone of
 * hers. What stands in the rows of others is theirs.
 */
export const remaining = (memory: Memory, person: Person): ReadonlyArray<Remainder> =>
  places.flatMap((place) => {
    const mentioning = place.held(memory, person).filter((entry) => mentions(entry, person))
    const count = new Set([...personalIn(place, memory, person), ...mentioning]).size
    return count === 0 ? [] : [{ store: "database", place: place.place, count }]
  })
