import { Context, Effect, Layer, Schedule } from "effect"
import { SegmentStore } from "./SegmentStore.ts"

/**
 * The revision of the segments as this process knows it: memberships in the cache hold under it alone. Where nobody
 * keeps watch it is unknown, and the cache is not asked.
 */
export interface SegmentWatch {
  readonly revision: () => number | undefined
  /** Tells that the revision is at least this one. */
  readonly see: (revision: number) => void
}

export const SegmentWatch = Context.Reference<SegmentWatch>("@customer-service/core/SegmentWatch", {
  defaultValue: () => ({ revision: () => undefined, see: () => undefined })
})

/** How long memberships by an earlier rule may be shown after another process has switched to a newer one. */
const pause = "1 second"

/** Looks at the revision once a second. As long as the store does not answer nothing of it changes either. */
export const layer: Layer.Layer<never, never, SegmentStore> = Layer.effect(
  SegmentWatch,
  Effect.gen(function* () {
    const store = yield* SegmentStore
    let known: number | undefined
    const see = (revision: number): void => {
      if (known === undefined || revision > known) known = revision
    }
    const look = Effect.ignore(Effect.map(store.revision, see))
    yield* Effect.forkScoped(Effect.repeat(look, Schedule.spaced(pause)))
    return { revision: () => known, see }
  })
)
