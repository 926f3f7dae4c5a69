import type { RecomputeProgress, Segment, SegmentId } from "./Segment.ts"
import type { SegmentMemory } from "./SegmentMemory.ts"

/** How far the recompute of a segment in memory is; undefined where there is none. */
export const progressOf = ({ comparisons, untold }: SegmentMemory, id: SegmentId): RecomputeProgress | undefined => {
  const telling = untold.get(id)
  if (telling !== undefined) {
    const { moves, startedAt, total } = telling
    return { state: "telling", done: total - moves.size, total, startedAt }
  }
  const comparison = comparisons.get(id)
  if (comparison === undefined) return undefined
  const { done, startedAt, total } = comparison
  return { state: "comparing", done, total: Math.max(done, total), startedAt }
}

/** A segment with how far its recompute is. */
export const withProgress = (memory: SegmentMemory, segment: Segment): Segment => {
  const recompute = progressOf(memory, segment.id)
  return recompute === undefined ? segment : { ...segment, recompute }
}
