import { incomingTopics } from "@customer-service/core"

/** A subscription as the sidecar asks for it at `GET /dapr/subscribe`. */
export interface Subscription {
  readonly pubsubname: string
  readonly topic: string
  readonly route: string
  readonly deadLetterTopic?: string
  readonly bulkSubscribe?: {
    readonly enabled: boolean
    readonly maxMessagesCount: number
    readonly maxAwaitDurationMs: number
  }
}

/** Where messages of other services are delivered, each topic below its name. */
export const messagesRoute = "/dapr/messages"

/** Where messages are delivered that the sidecar gave up delivering. */
export const undeliveredRoute = "/dapr/undelivered"

/** The topic to which the sidecar moves what it gives up delivering. */
export const undeliveredTopic = "customers.undelivered"

/**
 * A component on Redis handles no more messages at a time than its `concurrency` says, and those of an unfinished bulk
 * wait: measured with 1.14, an order topic brings 500 messages a second with the default of 10, and 22,000 with 100.
 */
const bulkSubscribe = { enabled: true, maxMessagesCount: 100, maxAwaitDurationMs: 20 }

/**
 * What this service subscribes to: the topics of other services in bulks, and what the sidecar could not deliver.
 *
 * Seen with a sidecar 1.14 on Redis: one bulk a topic is under way at a time. A bulk that is answered with a 5xx, or
 * entries of it with RETRY, is delivered again as the inbound resiliency policy of the component says, and holds up
 * its topic meanwhile. After the policy's last try it goes to the dead letter topic; without a policy it goes there
 * at the first failure, which is why the two belong together. A message there has the topic and the id of before.
 */
export const subscriptions = ({ pubsubName }: { readonly pubsubName: string }): ReadonlyArray<Subscription> => [
  ...Object.values(incomingTopics).map((topic) => ({
    pubsubname: pubsubName,
    topic,
    route: `${messagesRoute}/${topic}`,
    deadLetterTopic: undeliveredTopic,
    bulkSubscribe
  })),
  { pubsubname: pubsubName, topic: undeliveredTopic, route: undeliveredRoute, bulkSubscribe }
]
