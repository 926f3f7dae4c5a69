import { Effect } from "effect"
import * as fc from "fast-check"

/** Runs an effect for `numRuns` values of an arbitrary; dies with the smallest value for which it fails. */
export const forAll = <A, E, R>(
  arbitrary: fc.Arbitrary<A>,
  numRuns: number,
  property: (value: A) => Effect.Effect<void, E, R>
): Effect.Effect<void, never, R> =>
  Effect.flatMap(Effect.context<R>(), (context) =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(arbitrary, (value) => Effect.runPromiseWith(context)(property(value))),
        { numRuns }
      )
    )
  )
