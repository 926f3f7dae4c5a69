import type { ServerResponse } from "node:http"
import { Effect } from "effect"
import * as Delivery from "../../src/Delivery.ts"
import { type Subscription, subscriptions } from "../../src/Subscriptions.ts"
import { type Call, httpServer } from "./httpServer.ts"

/** A delivery as the application took it in. */
export interface Received {
  readonly path: string
  readonly token: string | undefined
  readonly delivery: Delivery.Delivery
}

/** What an application does with a delivery: answers it, or fails with a status. */
export type Handling = (received: Received) => Delivery.Answer | { readonly failsWith: number }

const sendJson = (response: ServerResponse, body: unknown): void =>
  void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))

const readCall = ({ headers, path, text }: Call): Received => {
  const token = headers["dapr-api-token"]
  const topic = path.split("/").at(-1) ?? ""
  return { path, token: String(token), delivery: Delivery.read(JSON.parse(text), topic) }
}

/** An application that subscribes as the service does, and takes in what it is sent. */
export const application = Effect.fnUntraced(function* (
  handle: Handling,
  subscribed: ReadonlyArray<Subscription> = subscriptions({ pubsubName: "pubsub" })
) {
  const received: Array<Received> = []
  const appPort = yield* httpServer((call, response) => {
    if (call.path === "/dapr/subscribe") return sendJson(response, subscribed)
    if (call.method !== "POST") return void response.writeHead(404).end()
    const read = readCall(call)
    received.push(read)
    const answer = handle(read)
    if ("failsWith" in answer) return void response.writeHead(answer.failsWith).end()
    sendJson(response, answer)
  })
  const messagesAt = (route: string) =>
    received.filter(({ path }) => path.startsWith(route)).flatMap(({ delivery }) => delivery.messages)
  return { appPort, received, messagesAt }
})
