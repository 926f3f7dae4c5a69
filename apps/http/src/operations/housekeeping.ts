import { Housekeeping } from "@customer-service/adapters-postgres"
import { Erasures } from "@customer-service/core"
import { Cause, Effect, Layer, Schedule } from "effect"
import type { AppConfig } from "../AppConfig.ts"
import { describe } from "../gateway/describeCause.ts"
import { untilReady } from "./Health.ts"

/** Repeats work for as long as the service runs; what goes wrong is logged and tried again at the next turn. */
const repeating = <A, E, R>(what: string, work: Effect.Effect<A, E, R>, pause: Schedule.Schedule<unknown>) =>
  Effect.catchCause(work, (cause) =>
    Effect.logWarning(`${what} failed; it is tried again`, describe(Cause.squash(cause)))
  ).pipe(Effect.repeat(pause), (turns) => Effect.forkScoped(Effect.andThen(untilReady, turns)))

/** What is done in the background: erasures that are due, and what has had its time. */
export const layer = (config: AppConfig) =>
  Layer.effectDiscard(
    Effect.all([
      repeating("An erasure", Erasures.runDue(), Schedule.spaced("5 seconds")),
      repeating(
        "Housekeeping",
        Housekeeping.sweep({ outboxRetentionDays: config.OUTBOX_RETENTION_DAYS }),
        Schedule.spaced("10 minutes")
      )
    ])
  )
