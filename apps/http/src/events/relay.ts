import { IncomingEvents, measureBacklog, RelayEvents, Standings } from "@customer-service/core"
import { Effect, Layer, Schedule } from "effect"
import type { AppConfig } from "../AppConfig.ts"
import { repeating } from "../operations/background.ts"
import { untilReady } from "../operations/Health.ts"

const relay = Effect.forkScoped(Effect.andThen(untilReady, RelayEvents.run))

/** What is done about events in the background: they go out, and those that had to wait are looked at again. */
export const layer = (config: AppConfig) =>
  Layer.effectDiscard(
    Effect.all([
      config.EVENT_RELAY ? relay : Effect.void,
      repeating("Parked messages", IncomingEvents.receiveParked(), Schedule.spaced("2 seconds")),
      repeating("Measuring the backlog of events", measureBacklog, Schedule.spaced("15 seconds")),
      repeating("The review of standings", Standings.reviewDue(), Schedule.spaced("5 seconds"))
    ])
  )
