import { BigDecimal, Struct } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import { mentions, names, nobody, type Person, type Place } from "./PlaceInMemory.ts"

type Memory = CustomerMemory["Service"]

const overrides = ["tierOverride", "segmentOverride"] as const

const standingOf = (memory: Memory, { id }: Person) => [memory.standings.get(id) ?? []].flat()

const standings: Place = {
  place: "standings",
  fields: overrides,
  held: standingOf,
  personal: (memory, person) =>
    standingOf(memory, person).filter((record) => overrides.some((field) => record[field] !== undefined)),
  erase: (memory, person) => {
    for (const record of standingOf(memory, person)) {
      memory.standings.set(person.id, Struct.omit(record, [...overrides, "reviewAt"]))
    }
  }
}

const tierChanges: Place = {
  place: "tierChanges",
  fields: ["from", "to", "reason", "by"],
  held: (memory, { id }) => memory.tierChanges.filter(({ customerId }) => customerId === id),
  erase: (memory, { id }) => {
    const others = memory.tierChanges.filter(({ customerId }) => customerId !== id)
    memory.tierChanges.splice(0, memory.tierChanges.length, ...others)
  }
}

interface Told {
  readonly eventId: string
  readonly customerId: CustomerId
}

const toldOf = <A extends Told>(entries: Map<string, A>, { id }: Person) =>
  [...entries].filter(([, { customerId }]) => customerId === id)

const isNamed = ([, { eventId }]: readonly [string, Told]): boolean => !eventId.startsWith(`${nobody}-`)

/** Puts what was told of her under ids that lead nowhere; the figures stay, which are nobody's without them. */
const unname = <A extends Told>(
  entries: Map<string, A>,
  person: Person,
  renamed: (entry: A, id: string) => A
): void => {
  for (const [index, [key, entry]] of toldOf(entries, person).entries()) {
    const id = `${nobody}-${person.id}-${index}`
    entries.delete(key)
    entries.set(id, renamed(entry, id))
  }
}

const orders: Place = {
  place: "orders",
  fields: ["orderId", "eventId"],
  held: (memory, person) =>
    toldOf(memory.orders, person).map(([, { total, ...order }]) => ({ ...order, total: BigDecimal.format(total) })),
  personal: (memory, person) => toldOf(memory.orders, person).filter(isNamed),
  erase: (memory, person) => unname(memory.orders, person, (order, id) => ({ ...order, orderId: id, eventId: id }))
}

const points: Place = {
  place: "points",
  fields: ["eventId"],
  held: (memory, person) => toldOf(memory.points, person).map(([, entry]) => entry),
  personal: (memory, person) => toldOf(memory.points, person).filter(isNamed),
  erase: (memory, person) => unname(memory.points, person, (entry, id) => ({ ...entry, eventId: id }))
}

const parkedOf = (memory: Memory, person: Person) =>
  [...memory.parked].filter(([, { customer }]) => names(customer, person))

const parked: Place = {
  place: "parked",
  fields: ["message"],
  held: (memory, person) => parkedOf(memory, person).map(([, { message, topic }]) => ({ topic, message })),
  erase: (memory, person) => {
    for (const [key] of parkedOf(memory, person)) memory.parked.delete(key)
  }
}

/** Letters about her, and letters about nobody in which she is mentioned. */
const lettersOf = (memory: Memory, person: Person) =>
  [...memory.deadLetters.values()].filter(({ customer, message }) =>
    customer === undefined ? mentions(message, person) : names(customer, person)
  )

const deadLetters: Place = {
  place: "deadLetters",
  fields: ["message"],
  held: (memory, person) =>
    lettersOf(memory, person).map(({ message, reason, since, topic }) => ({ topic, reason, since, message })),
  erase: (memory, person) => {
    for (const { id } of lettersOf(memory, person)) memory.deadLetters.delete(id)
  }
}

/** Where a customer stands with the shop, and what that follows from. */
export const standingPlaces: ReadonlyArray<Place> = [standings, tierChanges, orders, points]

/** Messages of other services that wait or were given up. Whatever they say of her is not known to be true. */
export const messagePlaces: ReadonlyArray<Place> = [parked, deadLetters]
