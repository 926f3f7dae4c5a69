import { DaprEventPublisher } from "@customer-service/adapters-dapr"
import { EventPublisher } from "@customer-service/core"
import type { Layer } from "effect"
import type { AppConfig } from "../AppConfig.ts"

/** Where events go: to the sidecar with EVENT_BUS=dapr, which never falls back, else to whoever listens in this process. */
export const layer = (config: AppConfig): Layer.Layer<EventPublisher.EventPublisher> =>
  config.EVENT_BUS === "dapr"
    ? DaprEventPublisher.layer({
        host: config.DAPR_HOST,
        port: config.DAPR_HTTP_PORT,
        apiToken: config.DAPR_API_TOKEN,
        pubsubName: config.DAPR_PUBSUB_NAME
      })
    : EventPublisher.layerMemory
