import type { DateTime } from "effect"
import { SecureRandom } from "effect/crypto"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { FactsChange } from "./FormerFacts.ts"
import type { Membership, MembershipException } from "./Membership.ts"
import { defaultSegments, type Segment, SegmentId, SegmentName } from "./Segment.ts"

/** That somebody's memberships are to be looked at: when, and what has changed since they were. */
interface ReviewMark {
  readonly reviewAt: DateTime.Utc
  readonly change?: FactsChange | undefined
}

/** How far everybody is compared with a rule that is to come into force, and who would move. */
export interface Comparison {
  readonly startedAt: DateTime.Utc
  /** How many customers there were when it began. */
  readonly total: number
  done: number
  /** Whoever was compared last. */
  after: CustomerId | undefined
  /** By what cause she would belong, or that she would no longer; those who would stay as they are are not in it. */
  readonly moves: Map<CustomerId, Membership["by"] | "leaves">
  /** Who was reviewed meanwhile by the rules that were in force. */
  readonly reviewed: Set<CustomerId>
}

/** Who has moved and is still to be told of: whether she came to belong. */
export interface Untold {
  readonly startedAt: DateTime.Utc
  readonly total: number
  readonly moves: Map<CustomerId, boolean>
}

/** What the memory holds of segments and of who belongs to them. */
export interface SegmentMemory {
  readonly segments: Map<SegmentId, Segment>
  readonly revision: { last: number }
  readonly memberships: Map<CustomerId, ReadonlyMap<SegmentId, Membership>>
  readonly exceptions: Map<CustomerId, ReadonlyMap<SegmentId, MembershipException>>
  readonly reviews: Map<CustomerId, ReviewMark>
  /** Whom the write that is under way has marked for a review at once. */
  readonly marked: Set<CustomerId>
  readonly comparisons: Map<SegmentId, Comparison>
  readonly untold: Map<SegmentId, Untold>
}

const defaultSegment = ({ description, name, rule }: (typeof defaultSegments)[number], now: DateTime.Utc): Segment => ({
  id: SegmentId.make(SecureRandom.uuidV7Unsafe()),
  name: SegmentName.make(name),
  description,
  kind: "rule",
  rule,
  version: 1,
  isActive: true,
  isLeaving: false,
  inForce: { rule, version: 1, isActive: true },
  createdAt: now,
  updatedAt: now
})

/** A memory with the specification's segments in it, and nobody. */
export const segmentMemory = (now: DateTime.Utc): SegmentMemory => ({
  segments: new Map(
    defaultSegments.map((segment) => defaultSegment(segment, now)).map((segment) => [segment.id, segment])
  ),
  revision: { last: 1 },
  memberships: new Map(),
  exceptions: new Map(),
  reviews: new Map(),
  marked: new Set(),
  comparisons: new Map(),
  untold: new Map()
})

const lists = new WeakMap<
  SegmentMemory["segments"],
  { readonly revision: number; readonly list: ReadonlyArray<Segment> }
>()

/** Every segment in the order of their names: one and the same list as long as none becomes another. */
export const segmentList = ({ revision, segments }: SegmentMemory): ReadonlyArray<Segment> => {
  const known = lists.get(segments)
  if (known?.revision === revision.last) return known.list
  const list = [...segments.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  lists.set(segments, { revision: revision.last, list })
  return list
}

/** Puts a segment in its place, or takes it out. */
export const putSegment = (memory: SegmentMemory, id: SegmentId, segment: Segment | undefined): void => {
  if (segment === undefined) memory.segments.delete(id)
  else memory.segments.set(id, segment)
  memory.revision.last += 1
}
