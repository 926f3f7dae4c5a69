import { Context, type DateTime, type Effect } from "effect"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { Segment, SegmentId } from "./Segment.ts"

/** What one step of a recompute came to. */
export interface RecomputeStep {
  /** The segment as it is after the step; undefined where it has left for good. */
  readonly segment: Segment | undefined
  readonly name: string
  /**
   * - `waiting`: writes that began before the rule was known are under way still, try again in a moment;
   * - `comparing`, `telling`: there is more to do;
   * - `done`: memberships follow the segment's own rule, and everybody who moved has her event.
   */
  readonly state: "waiting" | "comparing" | "telling" | "done"
}

/**
 * Brings memberships in line with rules that are not in force yet. A recompute compares everybody with the new rule a
 * batch at a time, puts down who would move, and switches in one moment: until then the old rule and the memberships by
 * it hold. After that it tells, a batch at a time, by an event for each, who moved. Whoever was reviewed meanwhile is
 * marked for another review at the switch. Each step is one transaction, so that any process can go on where another
 * one was killed.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a recompute brings everybody where the new rule puts her, and nobody moves before the switch
 * - a recompute that is gone on with by another process after any step ends with the same memberships
 * - two processes that step at a time do nothing twice
 * - exceptions made by hand outlive a recompute
 * - whoever changes while a recompute is under way ends where the new rule puts her
 * - everybody who moved has one event, with the new rule's version
 * - whoever moves again before she was told of is told of both moves, in their order
 * - a rule that becomes another one while a recompute is under way is compared anew from the beginning
 * - a segment that is switched off loses its members, and one that leaves is gone at the end
 * - segments whose rules ask for a segment that moved somebody are recomputed too
 * - customers are marked for when time moves them under the new rule
 * - start has a segment recomputed whose rule is in force
 * - an interrupted step leaves nothing half done
 */
export class SegmentRecomputes extends Context.Service<
  SegmentRecomputes,
  {
    /** Has these segments recomputed from the beginning, their rules in force too; answers how many there are. */
    readonly start: (ids: ReadonlyArray<SegmentId>) => Effect.Effect<number, StorageUnavailable>
    /**
     * Does the next piece of a recompute that nobody else is at, of `only` where that is told, of about `most`
     * customers; undefined where there is none.
     */
    readonly step: (
      most: number,
      now: DateTime.Utc,
      only?: SegmentId
    ) => Effect.Effect<RecomputeStep | undefined, StorageUnavailable>
  }
>()("@customer-service/core/SegmentRecomputes") {}
