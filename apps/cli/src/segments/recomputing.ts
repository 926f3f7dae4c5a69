import { Recomputes, type Segment, type SegmentId, SegmentStore } from "@customer-service/core"
import { Effect } from "effect"
import { withProgress } from "../progress.ts"

/** Between two looks at what another process is at. */
const pause = "200 millis"

const underWay = (ids: ReadonlySet<SegmentId>) =>
  Effect.gen(function* () {
    const store = yield* SegmentStore.SegmentStore
    return (yield* store.list).filter(({ id, recompute }) => ids.has(id) && recompute !== undefined)
  })

const compared = ({ recompute }: Segment): number =>
  recompute === undefined ? 0 : recompute.state === "comparing" ? recompute.done : recompute.total

/**
 * Goes on with the recomputes of these segments until all are through, whoever does them, and shows on stderr how many
 * comparisons of a customer with a rule are done.
 */
export const finishRecomputes = Effect.fnUntraced(function* (segments: ReadonlyArray<Segment>) {
  const ids = new Set(segments.map(({ id }) => id))
  const totals = new Map((yield* underWay(ids)).map(({ id, recompute }) => [id, recompute?.total ?? 0]))
  const total = totals.values().reduce((sum, each) => sum + each, 0)
  let shown = 0
  const show = (advance: (steps: number) => Effect.Effect<void>) =>
    Effect.gen(function* () {
      const left = yield* underWay(ids)
      const unfinished = left.reduce((sum, segment) => sum + (totals.get(segment.id) ?? 0) - compared(segment), 0)
      const steps = Math.max(0, total - unfinished - shown)
      shown += steps
      yield* advance(steps)
      return left.length
    })
  yield* withProgress(total, (advance) =>
    Effect.gen(function* () {
      while (true) {
        yield* Recomputes.run(() => Effect.ignore(show(advance)))
        if ((yield* show(advance)) === 0) return
        yield* Effect.sleep(pause)
      }
    })
  )
})
