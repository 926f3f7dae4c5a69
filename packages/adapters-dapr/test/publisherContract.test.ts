import { topicOf } from "@customer-service/core"
import { BusObserver, eventPublisherContract } from "@customer-service/core/testing"
import { Context, Effect, Layer } from "effect"
import * as DaprEventPublisher from "../src/DaprEventPublisher.ts"
import { clientOf, needsSidecar, sharedRedis, sidecar, whileFrozen } from "./support/servers.ts"
import { messagesWith } from "./support/topics.ts"

needsSidecar()

/** Larger than the sidecar takes. */
const bulk = "x".repeat(4_500_000)

const throughSidecar = Effect.gen(function* () {
  const redisUrl = sharedRedis()
  const redis = yield* clientOf(redisUrl)
  const server = yield* sidecar({ redisUrl })
  const settings = { host: "127.0.0.1", port: server.httpPort, pubsubName: "pubsub", timeoutMillis: 1000 }
  const observer = BusObserver.of({
    arrived: (eventIds) => messagesWith(redis, Object.values(topicOf), eventIds),
    refusable: (event) => ({ ...event, envelope: { ...event.envelope, data: { data: event.envelope.data, bulk } } }),
    whileAway: whileFrozen(server),
    patience: 2000
  })
  const publisher = yield* Layer.build(DaprEventPublisher.layer(settings))
  return Context.add(publisher, BusObserver, observer)
})

eventPublisherContract("Dapr", Layer.effectContext(throughSidecar), { excludeTestServices: true, timeout: "1 minute" })
