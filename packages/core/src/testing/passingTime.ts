import type { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"

/**
 * How time passes for an adapter. By default it is that of the test clock; an adapter that takes its time from
 * elsewhere says how to get on there.
 */
export interface PassingTime<R = never> {
  readonly advance: (duration: Duration.Input) => Effect.Effect<void, never, R>
}

/** The time of the test clock. */
export const testTime: PassingTime = { advance: TestClock.adjust }
