import { Housekeeping } from "@customer-service/adapters-postgres"
import { Erasures } from "@customer-service/core"
import { Effect, Layer, Schedule } from "effect"
import type { AppConfig } from "../AppConfig.ts"
import { repeating } from "./background.ts"

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
