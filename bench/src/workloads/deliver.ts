import { ordersTopic, orderCloudEvent, orderEventId } from "../events/orderEvents.ts"
import type { Answer } from "../load/Answer.ts"
import type { Workload } from "../load/Workload.ts"
import { bodyRequest } from "./requests.ts"

/** Messages in one delivery: as many as the service asks the sidecar for. */
export const bulkSize = 100

const bulkOf = (firstOrder: number): string => {
  const orders = Array.from({ length: bulkSize }, (_, index) => firstOrder + index)
  const entries = orders.map((order) => ({
    entryId: orderEventId(order),
    contentType: "application/cloudevents+json",
    event: orderCloudEvent(order)
  }))
  return JSON.stringify({ id: orderEventId(firstOrder), pubsubname: "pubsub", topic: ordersTopic, entries })
}

const check = (answer: Answer): string | undefined => (answer.body().includes("RETRY") ? "put off" : undefined)

/** Delivers orders in bulks as the sidecar does; `token` is the one that the sidecar shows. */
export const deliver = (token: string, firstOrder: number): Workload => {
  const headers = `Host: 127.0.0.1\r\ndapr-api-token: ${token}\r\n`
  let order = firstOrder
  return {
    next: () => {
      const body = bulkOf(order)
      order += bulkSize
      return { request: bodyRequest("POST", `/dapr/messages/${ordersTopic}`, headers, body), check }
    }
  }
}
