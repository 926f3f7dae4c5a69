import { Context, type Effect, type Result } from "effect"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { AlreadyAnswered, IdempotencyKeyReused } from "../request/Once.ts"
import type { Segment, SegmentId } from "./Segment.ts"
import type { SegmentNotFound } from "./SegmentErrors.ts"

/** A write of a segment that must happen once however often it is asked for: see `Once`. */
export interface SegmentOnce {
  readonly key: string
  readonly fingerprint: string
  readonly answer: (written: Segment) => string
}

/**
 * The segments there are, each with its rule and the rule in force.
 *
 * MUSTs, each with a contract test of the same wording:
 * - the specification's five segments are there from the beginning, each with its rule
 * - a segment that was written is read back, by its id and by its name
 * - find fails with SegmentNotFound for what is not there
 * - list gives all segments in the order of their names
 * - 20 concurrent writes lose none
 * - a failed decision writes nothing
 * - a write with a key happens once and replays its answer, also to a racing twin
 * - a key that comes back with another body fails with IdempotencyKeyReused
 * - the revision is another one after every write of a segment
 * - a segment whose rule is not the one in force is recomputed
 * - memberCounts counts who belongs to each segment, those with nobody too
 */
export class SegmentStore extends Context.Service<
  SegmentStore,
  {
    readonly list: Effect.Effect<ReadonlyArray<Segment>, StorageUnavailable>
    /** The segment of an id, or else of a name. */
    readonly find: (reference: string) => Effect.Effect<Segment, SegmentNotFound | StorageUnavailable>
    /** How many belong to one segment: 0 for one that is not there. */
    readonly memberCount: (id: SegmentId) => Effect.Effect<number, StorageUnavailable>
    readonly memberCounts: Effect.Effect<ReadonlyMap<SegmentId, number>, StorageUnavailable>
    /** Grows whenever a segment, or the rule in force of one, becomes another. */
    readonly revision: Effect.Effect<number, StorageUnavailable>
    /**
     * Decides on all segments and writes the one that comes of it, in one transaction that no other such write is
     * beside. Where its rule is not the one in force, its recompute begins, or begins anew; where it is, none is needed.
     */
    readonly write: <E>(
      decide: (segments: ReadonlyArray<Segment>) => Result.Result<Segment, E>,
      once?: SegmentOnce
    ) => Effect.Effect<Segment, AlreadyAnswered | E | IdempotencyKeyReused | StorageUnavailable>
  }
>()("@customer-service/core/SegmentStore") {}
