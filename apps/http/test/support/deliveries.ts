import { randomUUID } from "node:crypto"
import { expect } from "vitest"
import { appApiToken } from "./busScene.ts"
import { orderCompleted, topics } from "./orders.ts"
import type { Service } from "./service.ts"

/** Variables of a service to which the tests deliver in the place of a sidecar; nobody is where that would be. */
export const withoutSidecar = { EVENT_BUS: "dapr", APP_API_TOKEN: appApiToken, DAPR_HTTP_PORT: "1" }

/** Delivers an order that was completed, as the sidecar does. */
export const deliverOrder = async (service: Service, order: Parameters<typeof orderCompleted>[0]): Promise<void> => {
  const answer = await service.send("POST", `/dapr/messages/${topics.orders}`, {
    headers: { "dapr-api-token": appApiToken, "content-type": "application/cloudevents+json" },
    body: {
      specversion: "1.0",
      id: randomUUID(),
      source: "order-service",
      type: "com.dapr.event.sent",
      datacontenttype: "application/json",
      topic: topics.orders,
      pubsubname: "pubsub",
      data: orderCompleted(order)
    }
  })
  expect([answer.status, answer.body]).toEqual([200, { status: "SUCCESS" }])
}
