import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { SegmentId } from "../segment/Segment.ts"
import type { Person, Place } from "./PlaceInMemory.ts"

type Memory = CustomerMemory["Service"]

/** Entries about segments, each with its segment's name in the place of the id. */
const named = <A extends { readonly segmentId: SegmentId }>(
  { segments }: Memory,
  entries: ReadonlyMap<SegmentId, A> | undefined
) =>
  [...(entries?.values() ?? [])].map(({ segmentId, ...entry }) => ({
    segment: segments.get(segmentId)?.name,
    ...entry
  }))

const memberships: Place = {
  place: "memberships",
  fields: ["segment", "since", "by"],
  held: (memory, { id }) => named(memory, memory.memberships.get(id)),
  erase: (memory, { id }) => void memory.memberships.delete(id)
}

const exceptions: Place = {
  place: "membershipExceptions",
  fields: ["segment", "member", "reason", "by"],
  held: (memory, { id }) => named(memory, memory.exceptions.get(id)),
  erase: (memory, { id }) => void memory.exceptions.delete(id)
}

const reviews: Place = {
  place: "membershipReviews",
  fields: ["before"],
  held: (memory, { id }) =>
    [memory.reviews.get(id) ?? []].flat().map(({ change, reviewAt }) => ({ reviewAt, before: change?.before })),
  erase: (memory, { id }) => void memory.reviews.delete(id)
}

const movesOf = (memory: Memory, { id }: Person) =>
  [...memory.comparisons.values(), ...memory.untold.values()].filter(({ moves }) => moves.has(id))

const moves: Place = {
  place: "membershipMoves",
  fields: ["joins"],
  held: (memory, person) => movesOf(memory, person).map(({ startedAt }) => ({ startedAt })),
  erase: (memory, person) => {
    for (const { moves: all } of movesOf(memory, person)) all.delete(person.id)
    for (const { reviewed } of memory.comparisons.values()) reviewed.delete(person.id)
  }
}

/** Where a customer belongs, what colleagues said of that, and what is still to be done about it. */
export const membershipPlaces: ReadonlyArray<Place> = [memberships, exceptions, reviews, moves]
