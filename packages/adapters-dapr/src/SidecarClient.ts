import type { OutboxEvent } from "@customer-service/core"
import type { DaprClient } from "@dapr/dapr"
import { Effect, Predicate, Redacted } from "effect"
import type { Bulk } from "./bulks.ts"

/** Where the sidecar listens, and what it asks of its callers. */
export interface SidecarSettings {
  readonly host: string
  readonly port: number
  /** The sidecar's DAPR_API_TOKEN, where it has one. */
  readonly apiToken?: Redacted.Redacted | undefined
  /** The component that publishes. */
  readonly pubsubName: string
}

/** The requests that publish. They reject with what the client throws, and wait for ever where nothing answers. */
export interface SidecarClient {
  readonly publish: (event: OutboxEvent) => Promise<void>
  /** Rejects also when only some of the entries, whose ids are the events', did not go out. */
  readonly publishBulk: (bulk: Bulk) => Promise<void>
  /** Breaks off what is under way, of every client of this process; the next request connects anew. */
  readonly breakOff: () => Promise<void>
}

const ignore = (): void => {}

// The client's log quotes answers, and with them what was sent, and at its finest level the token.
const silence = { error: ignore, warn: ignore, info: ignore, verbose: ignore, debug: ignore }

// Loaded only where events go through Dapr: it takes longer to load than most of the service.
const connect = async ({ apiToken, host, port }: SidecarSettings): Promise<DaprClient> => {
  // A bundle has the names of a CommonJS module here alone.
  const { CommunicationProtocolEnum, DaprClient } = (await import("@dapr/dapr")).default
  const client = new DaprClient({
    daprHost: host,
    daprPort: String(port),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    isKeepAlive: true,
    logger: { service: silence },
    ...(apiToken === undefined ? {} : { daprApiToken: Redacted.value(apiToken) })
  })
  // Else it would wait half a minute for the sidecar at the first request, and send it long after it was given up.
  client.daprClient.setIsInitialized(true)
  return client
}

/** The part of the HTTP client by which all its requests go. */
interface Requests {
  readonly executeWithApiVersion: (
    version: string,
    path: string,
    request: { readonly method: "POST"; readonly headers: Record<string, string>; readonly body: unknown }
  ) => Promise<unknown>
}

const hasRequests = (client: unknown): client is Requests =>
  Predicate.hasProperty(client, "executeWithApiVersion") && typeof client.executeWithApiVersion === "function"

// Consumers know an event that is sent again by the id of its CloudEvent, too.
const metadataOf = ({ envelope }: OutboxEvent) => ({ "cloudevent.id": envelope.eventId })

const entryOf = (event: OutboxEvent) => ({
  entryId: event.envelope.eventId,
  contentType: "application/json",
  event: event.envelope,
  metadata: metadataOf(event)
})

const makeRequests = (client: DaprClient, pubsubName: string): SidecarClient => {
  const { daprClient, pubsub } = client
  if (!hasRequests(daprClient)) throw new Error("This version of @dapr/dapr makes its requests in another way")
  const name = encodeURIComponent(pubsubName)
  return {
    publish: async (event) => {
      const options = { contentType: "application/json", metadata: metadataOf(event) }
      const { error } = await pubsub.publish(name, event.topic, event.envelope, options)
      if (error !== undefined) throw error
    },
    // The client's own publishBulk looks for `entryID` where the sidecar says `entryId`, and so takes a bulk whose
    // entries have all failed for one that went out (3.18).
    publishBulk: async ({ events, topic }) => {
      await daprClient.executeWithApiVersion("v1.0-alpha1", `/publish/bulk/${name}/${topic}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: events.map(entryOf)
      })
    },
    breakOff: () => client.stop()
  }
}

/** Opens the client; it connects when the first event is published. */
export const make = (settings: SidecarSettings) =>
  Effect.acquireRelease(
    Effect.promise(async () => makeRequests(await connect(settings), settings.pubsubName)),
    ({ breakOff }) => Effect.promise(breakOff)
  )
