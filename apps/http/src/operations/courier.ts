import { Courier } from "@customer-service/core"
import { Cause, Effect, Layer, Schedule } from "effect"
import { describe } from "../gateway/describeCause.ts"
import { untilReady } from "./Health.ts"

const pause = "500 millis"

/** Sends what waits to be sent, all day. */
const run = Courier.deliverDue().pipe(
  Effect.catchCause((cause) =>
    Effect.logWarning("Messages could not be sent; they are tried again", describe(Cause.squash(cause))).pipe(
      Effect.andThen(Effect.sleep("5 seconds")),
      Effect.as(0)
    )
  ),
  // A full basket is followed by the next at once.
  Effect.flatMap((taken) => (taken > 0 ? Effect.void : Effect.sleep(pause))),
  Effect.repeat(Schedule.forever)
)

/** The courier of this process; several share the queue without sending anything twice. */
export const layer = Layer.effectDiscard(Effect.forkScoped(Effect.andThen(untilReady, run)))
