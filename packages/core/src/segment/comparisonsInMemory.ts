import { DateTime } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import { factsInMemory } from "./factsInMemory.ts"
import { keepMembership } from "./keptMemberships.ts"
import { isOver } from "./MembershipDecisions.ts"
import { markForAll, markMoment } from "./reviewMarksInMemory.ts"
import type { Facts } from "./rule/Facts.ts"
import { isOpen } from "./rule/matches.ts"
import { nextFlip } from "./rule/nextFlip.ts"
import { type Segment, type SegmentId, wantedOf } from "./Segment.ts"
import { type CompiledSegment, compiledSegment, verdictOf } from "./SegmentCatalog.ts"
import { dependentsOf } from "./segmentDependencies.ts"
import { type Comparison, putSegment, segmentList } from "./SegmentMemory.ts"

type Memory = CustomerMemory["Service"]

/** Has everybody compared with the rule that a segment is to have, from the beginning. */
export const beginComparison = (memory: Memory, id: SegmentId, now: DateTime.Utc): void =>
  void memory.comparisons.set(id, {
    startedAt: now,
    total: memory.customers.size,
    done: 0,
    after: undefined,
    moves: new Map(),
    reviewed: new Set()
  })

/** Puts down whether she would move, and when time may move her. */
const compareOne = (
  memory: Memory,
  compiled: CompiledSegment,
  { moves }: Comparison,
  facts: Facts,
  now: DateTime.Utc
): void => {
  const { id } = facts.customer
  const { inForce, id: segmentId } = compiled.segment
  const said = memory.exceptions.get(id)?.get(segmentId)
  const exception = said === undefined || isOver(said, now) ? undefined : said
  const { belongs, by } = verdictOf(compiled, facts, exception, now)
  const isMember = memory.memberships.get(id)?.has(segmentId) ?? false
  if (belongs !== isMember) moves.set(id, belongs ? by : "leaves")
  const flip = inForce.isActive && isOpen(facts) ? nextFlip(inForce.rule, facts, now.epochMilliseconds) : undefined
  if (flip !== undefined) markMoment(memory, id, DateTime.makeUnsafe(flip))
}

/** All who belong to a segment leave it. */
const leavesOf = ({ memberships }: Memory, segmentId: SegmentId): Comparison["moves"] =>
  new Map([...memberships].flatMap(([id, all]) => (all.has(segmentId) ? [[id, "leaves"] as const] : [])))

/**
 * Whoever moves comes to belong or leaves now; answers who did, and whether she came. One that is switched off is left
 * by those too who have come since they were compared: soon nobody may be there to see that they left.
 */
const moveAll = (
  memory: Memory,
  segment: Segment,
  comparison: Comparison,
  now: DateTime.Utc
): Map<CustomerId, boolean> => {
  const { id: segmentId } = segment
  const moved = new Map<CustomerId, boolean>()
  const moves = wantedOf(segment).isActive ? comparison.moves : leavesOf(memory, segmentId)
  for (const [id, by] of moves) {
    const joins = by !== "leaves"
    const isMember = memory.memberships.get(id)?.has(segmentId) ?? false
    if (joins === isMember || !memory.customers.has(id)) continue
    keepMembership(memory, id, segmentId, joins ? { segmentId, since: now, by } : undefined)
    moved.set(id, joins)
  }
  return moved
}

/** The segment's own rule comes into force, and with it the memberships by it. */
const switchOver = (memory: Memory, segment: Segment, comparison: Comparison, now: DateTime.Utc): void => {
  const { id, name } = segment
  memory.comparisons.delete(id)
  putSegment(memory, id, { ...segment, inForce: wantedOf(segment) })
  const moves = moveAll(memory, segment, comparison, now)
  for (const reviewed of comparison.reviewed) if (memory.customers.has(reviewed)) markForAll(memory, reviewed, now)
  if (moves.size === 0) return
  memory.untold.set(id, { startedAt: comparison.startedAt, total: moves.size, moves })
  for (const dependent of dependentsOf(name, segmentList(memory))) beginComparison(memory, dependent.id, now)
}

/** Compares up to so many more; the rule is switched with the last of them. */
export const compareSome = (
  memory: Memory,
  segment: Segment,
  comparison: Comparison,
  most: number,
  now: DateTime.Utc
): void => {
  const compiled = compiledSegment({ ...segment, inForce: wantedOf(segment) })
  const { after } = comparison
  const left = [...memory.customers.keys()].filter((id) => after === undefined || id > after).sort()
  const batch = left.slice(0, most)
  for (const id of batch) {
    for (const facts of factsInMemory(memory, id)) compareOne(memory, compiled, comparison, facts, now)
  }
  comparison.done += batch.length
  comparison.after = batch.at(-1) ?? after
  if (batch.length === left.length) switchOver(memory, segment, comparison, now)
}
