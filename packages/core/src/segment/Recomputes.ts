import { DateTime, Effect } from "effect"
import { CurrentActor, itself } from "../request/Actor.ts"
import { findIn } from "./SegmentDecisions.ts"
import { SegmentNotFound } from "./SegmentErrors.ts"
import { type RecomputeStep, SegmentRecomputes } from "./SegmentRecomputes.ts"
import { SegmentStore } from "./SegmentStore.ts"
import { SegmentWatch } from "./SegmentWatch.ts"
import { staffAlone } from "./Segments.ts"

/** So many customers are compared, or told of, in one transaction. */
const together = 10_000

/** How long to wait for writes that began before a rule was known. */
const pause = "50 millis"

const step = Effect.fnUntraced(
  function* () {
    const [recomputes, store, watch] = [yield* SegmentRecomputes, yield* SegmentStore, yield* SegmentWatch]
    const done = yield* recomputes.step(together, yield* DateTime.now)
    if (done?.state === "waiting") yield* Effect.sleep(pause)
    if (done?.state === "telling" || done?.state === "done") watch.see(yield* store.revision)
    return done
  },
  Effect.provideService(CurrentActor, itself("system"))
)

/** Goes on with recomputes until none is left that nobody else is at; tells `onStep` of each step. */
export const run = Effect.fn("Recomputes.run")(function* (
  onStep: (step: RecomputeStep) => Effect.Effect<void, never, SegmentStore> = () => Effect.void
) {
  while (true) {
    const done = yield* step()
    if (done === undefined) return
    yield* onStep(done)
  }
})

/** The segments of these ids or names; all where none is named. For staff. */
export const named = Effect.fnUntraced(function* (references: ReadonlyArray<string>) {
  yield* staffAlone
  const store = yield* SegmentStore
  const segments = yield* store.list
  if (references.length === 0) return segments
  return yield* Effect.forEach(references, (reference) => {
    const segment = findIn(segments, reference)
    return segment === undefined ? Effect.fail(new SegmentNotFound({ segment: reference })) : Effect.succeed(segment)
  })
})

/** Has the segments of these ids or names recomputed from the beginning; all where none is named. For staff. */
export const start = Effect.fn("Recomputes.start")(function* (references: ReadonlyArray<string>) {
  const recomputes = yield* SegmentRecomputes
  const segments = yield* named(references)
  yield* recomputes.start(segments.map(({ id }) => id))
  return segments
})
