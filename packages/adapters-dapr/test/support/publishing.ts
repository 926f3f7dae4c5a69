import { EventPublisher, type OutboxEvent } from "@customer-service/core"
import { Context, Effect, Layer } from "effect"
import * as DaprEventPublisher from "../../src/DaprEventPublisher.ts"

type Settings = DaprEventPublisher.DaprEventPublisherSettings

/** The publisher of one process, to the sidecar at this port. */
export const publisherTo = (port: number, settings: Partial<Settings> = {}) =>
  Effect.map(
    Layer.build(Layer.fresh(DaprEventPublisher.layer({ host: "127.0.0.1", port, pubsubName: "pubsub", ...settings }))),
    (context) => Context.get(context, EventPublisher.EventPublisher)
  )

type Publisher = EventPublisher.EventPublisher["Service"]

/** What became of each event: "published", or which failure. */
export const fatesOf = (publisher: Publisher, events: ReadonlyArray<OutboxEvent>) =>
  Effect.map(publisher.publish(events), (publications) =>
    publications.map(({ failure }) => failure?._tag ?? "published")
  )

/** Why the only event did not go out. */
export const reasonOf = (publisher: Publisher, event: OutboxEvent) =>
  Effect.map(publisher.publish([event]), ([publication]) => publication?.failure?.reason)
