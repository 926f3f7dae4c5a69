import { ReviewBell, type SegmentId, SegmentRecomputes } from "@customer-service/core"
import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { demandRecomputes } from "./beginRecomputes.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { OutboxBell } from "./OutboxBell.ts"
import { nextStep, stepAlone, type Stride } from "./recomputeSteps.ts"
import { ownRules } from "./segmentLock.ts"
import { makeSegmentsNear } from "./segmentsNear.ts"
import { orUnavailable } from "./storageErrors.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const [bell, reviewBell] = [yield* OutboxBell, yield* ReviewBell]
  const segmentsNear = makeSegmentsNear(sql)

  const writing = <A, E, R>(write: Effect.Effect<A, E, R>) => outOfDeadlock(sql.withTransaction(write))
  const alone = <A, E, R>(write: Effect.Effect<A, E, R>) => writing(Effect.andThen(sql.unsafe(ownRules), write))

  const step = Effect.fnUntraced(
    function* (stride: Stride, only: SegmentId | undefined) {
      while (true) {
        const next = yield* writing(nextStep(sql, segmentsNear, stride, only))
        if (next === "again") continue
        if (next === undefined || !("alone" in next)) return next
        const done = yield* alone(stepAlone(sql, next.alone, stride.now))
        if (done !== undefined) return done
      }
    },
    Effect.provideService(SecureRandom.SecureRandom, random),
    Effect.provideService(OutboxBell, bell),
    Effect.provideService(ReviewBell, reviewBell)
  )

  return SegmentRecomputes.SegmentRecomputes.of({
    start: (ids) => orUnavailable(alone(demandRecomputes(sql, ids))),
    step: (most, now, only) => orUnavailable(step({ most, now }, only))
  })
})

/** Recomputes in PostgreSQL, or in PGlite behind the same client; any number of processes go on with them. */
export const layer: Layer.Layer<
  SegmentRecomputes.SegmentRecomputes,
  never,
  SqlClient.SqlClient | SecureRandom.SecureRandom
> = Layer.effect(SegmentRecomputes.SegmentRecomputes, make)
