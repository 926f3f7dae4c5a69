import { PreviewTooSlow, RuleMatches } from "@customer-service/core"
import { Effect, Layer, Semaphore } from "effect"
import { countAndSample } from "./previewSegment.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { orUnavailable } from "./storageErrors.ts"

/** So many previews are counted at a time by one process; the others wait for their turn, within their time. */
const mostAtOnce = 2

/** Whom rules fit, in PostgreSQL, or in PGlite behind the same client; they are counted on the replicas. */
export const layer: Layer.Layer<RuleMatches.RuleMatches, never, ReadReplicas> = Layer.effect(
  RuleMatches.RuleMatches,
  Effect.map(ReadReplicas, (replicas) => {
    // Those who read single customers must not have to wait for connections on which everybody is counted.
    const turns = Semaphore.makeUnsafe(mostAtOnce)
    return RuleMatches.RuleMatches.of({
      preview: (rule, now, { most, seconds }) =>
        orUnavailable(
          replicas.read((sql) => countAndSample(sql, rule, now, { sampleSize: most, patience: seconds * 1000 }))
        ).pipe(
          turns.withPermits(1),
          Effect.timeoutOrElse({
            duration: seconds * 1000,
            orElse: () => Effect.fail(new PreviewTooSlow({ seconds }))
          })
        )
    })
  })
)
