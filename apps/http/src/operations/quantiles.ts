import { Analytics } from "@customer-service/core"
import { Layer, Schedule } from "effect"
import { repeating } from "./background.ts"

/**
 * Takes the quantiles that customers are scored by once a day, in one process at a time: at once where there are none
 * that are young enough, and every ten minutes as long as nobody has ordered.
 */
export const layer = Layer.effectDiscard(
  repeating("Taking quantiles", Analytics.recomputeDaily(), Schedule.spaced("10 minutes"))
)
