import { once } from "node:events"
import { type Server, createServer } from "node:http"
import { text } from "node:stream/consumers"

import { onTestFinished } from "vitest"

export interface Delivery {
  readonly path: string
  readonly token: string | undefined
  readonly data: unknown
}

export interface Application {
  readonly deliveries: ReadonlyArray<Delivery>
  /** Listens on this port, or on any; answers which. */
  readonly listen: (port?: number) => Promise<number>
}

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** An application that takes the topic `news` at `/news`, remembers what it is sent, and answers with `statuses`. */
export const application = (statuses: ReadonlyArray<number> = []): Application => {
  const deliveries: Array<Delivery> = []
  const subscriptions = [{ pubsubname: "pubsub", topic: "news", route: "/news" }]
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const path = request.url ?? ""
    response.setHeader("content-type", "application/json")
    if (request.method !== "POST")
      return response.end(path === "/dapr/subscribe" ? JSON.stringify(subscriptions) : "{}")
    response.statusCode = statuses[deliveries.length] ?? 200
    deliveries.push({ path, token: request.headersDistinct["dapr-api-token"]?.[0], data: JSON.parse(body).data })
    return response.end("{}")
  })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const listen = async (port = 0): Promise<number> => {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
    return portOf(server)
  }
  return { deliveries, listen }
}
