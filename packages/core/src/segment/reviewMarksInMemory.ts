import { DateTime } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerFacts } from "./changedFields.ts"
import { everything, type FactsChange, factsChange, joinedChange } from "./FormerFacts.ts"
import type { Segment } from "./Segment.ts"
import { dependenciesOfAll } from "./segmentDependencies.ts"
import { segmentList, type SegmentMemory } from "./SegmentMemory.ts"

const sooner = (one: DateTime.Utc | undefined, other: DateTime.Utc): DateTime.Utc =>
  one === undefined ? other : DateTime.min(one, other)

const markChange = (memory: SegmentMemory, id: CustomerId, change: FactsChange, now: DateTime.Utc): void => {
  const present = memory.reviews.get(id)
  memory.reviews.set(id, {
    reviewAt: sooner(present?.reviewAt, now),
    change: present?.change === undefined ? change : joinedChange(present.change, change)
  })
  memory.marked.add(id)
}

const known = new WeakMap<ReadonlyArray<Segment>, ReadonlySet<string>>()

const dependencies = (segments: ReadonlyArray<Segment>): ReadonlySet<string> => {
  const present = known.get(segments)
  if (present !== undefined) return present
  const found = dependenciesOfAll(segments)
  known.set(segments, found)
  return found
}

/** Marks a customer for a review where she has come, or something changed on which some segment depends. */
export const markWrite = (
  memory: SegmentMemory,
  before: CustomerFacts | undefined,
  after: CustomerFacts,
  { at: now, correlationId }: { readonly at: DateTime.Utc; readonly correlationId: string | undefined }
): void => {
  const change = factsChange(before, after)
  if (change === undefined) return
  const concerning = dependencies(segmentList(memory))
  if (before === undefined || change.fields.some((field) => concerning.has(field))) {
    markChange(memory, after.customer.id, { ...change, correlationId }, now)
  }
}

/** Marks a customer for a review of every segment. */
export const markForAll = (memory: SegmentMemory, id: CustomerId, now: DateTime.Utc): void =>
  markChange(memory, id, everything, now)

/** Sees to it that a customer is reviewed by that moment. */
export const markMoment = ({ reviews }: SegmentMemory, id: CustomerId, moment: DateTime.Utc): void => {
  const present = reviews.get(id)
  reviews.set(id, { ...present, reviewAt: sooner(present?.reviewAt, moment) })
}

/** Has a customer looked at next at that moment, or not at all until something changes. */
export const replaceMark = ({ reviews }: SegmentMemory, id: CustomerId, reviewAt: DateTime.Utc | undefined): void => {
  if (reviewAt === undefined) reviews.delete(id)
  else reviews.set(id, { reviewAt })
}
