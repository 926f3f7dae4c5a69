import { Context, Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"

/** Tells those who review memberships, within this process, whom a write has marked. */
export interface ReviewBell {
  /** Is rung once the write is committed; whoever rings goes on at once. */
  readonly ring: (ids: ReadonlyArray<CustomerId>) => Effect.Effect<void>
}

/** The bell in use; a silent one where none is provided: marks are found all the same, a little later. */
export const ReviewBell = Context.Reference<ReviewBell>("@customer-service/core/ReviewBell", {
  defaultValue: () => ({ ring: () => Effect.void })
})
