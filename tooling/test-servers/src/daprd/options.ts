import type { Server } from "../server.ts"

/** Settings of the component `pubsub.redis`; what is left out is as Dapr has it. */
export interface PubsubSettings {
  /** About how many messages a topic keeps. Dapr's default: all. */
  readonly maxLenApprox?: number
  /** Milliseconds after which a message whose handler has not answered is delivered again. Dapr's default: 15,000. */
  readonly processingTimeout?: number
  /** Milliseconds between looks for messages to deliver again. Dapr's default: 15,000. */
  readonly redeliverInterval?: number
  /** How many messages are handled at once. Dapr's default: 10. */
  readonly concurrency?: number
  /** How many messages are fetched ahead. Dapr's default: 100. */
  readonly queueDepth?: number
}

export interface DaprdOptions {
  /** Address of the Redis that carries the messages of the component `pubsub`. */
  readonly redisUrl: string
  /** Loopback port of the application. Default: none, as of one that only publishes. */
  readonly appPort?: number
  /** Name of the application, and of its consumer group. Default: "customer-service". */
  readonly appId?: string
  /** What the sidecar sends to the application as `dapr-api-token`. Default: nothing. */
  readonly appApiToken?: string
  readonly pubsub?: PubsubSettings
  /** Further YAML documents: resiliency policies, subscriptions, components. */
  readonly resources?: ReadonlyArray<string>
}

/** A sidecar of one's own. */
export interface Sidecar extends Server {
  /** Loopback port of its HTTP API, at which `url` points too. */
  readonly httpPort: number
}
