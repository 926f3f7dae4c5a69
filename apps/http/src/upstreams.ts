import { HttpLoyaltyService, HttpOrderService } from "@customer-service/adapters-upstream"
import { Layer } from "effect"
import type { AppConfig } from "./AppConfig.ts"

const optionsOf = (config: AppConfig, url: string) => ({
  url,
  timeoutMillis: config.UPSTREAM_TIMEOUT_MILLIS,
  bearer: config.UPSTREAM_TOKEN
})

/** The services that are asked about customers, where the configuration says where they are. */
export const layer = (config: AppConfig) => {
  const { LOYALTY_SERVICE_URL: loyalty, ORDER_SERVICE_URL: orders } = config
  // Without an address nobody is asked: whoever needs the answer finds that out by the service's absence.
  return Layer.mergeAll(
    orders === undefined ? Layer.empty : HttpOrderService.layer(optionsOf(config, orders)),
    loyalty === undefined ? Layer.empty : HttpLoyaltyService.layer(optionsOf(config, loyalty))
  )
}
