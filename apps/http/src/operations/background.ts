import { CurrentActor, itself } from "@customer-service/core"
import { Cause, Effect, type Schedule } from "effect"
import { describe } from "../gateway/describeCause.ts"
import { untilReady } from "./Health.ts"

/** Repeats work of the service's own for as long as it runs; what goes wrong is logged and tried again at the next turn. */
export const repeating = <A, E, R>(what: string, work: Effect.Effect<A, E, R>, pause: Schedule.Schedule<unknown>) =>
  Effect.catchCause(work, (cause) =>
    Effect.logWarning(`${what} failed; it is tried again`, describe(Cause.squash(cause)))
  ).pipe(Effect.repeat(pause), Effect.provideService(CurrentActor, itself("system")), (turns) =>
    Effect.forkScoped(Effect.andThen(untilReady, turns))
  )
