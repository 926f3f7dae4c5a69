import { createServer, type ServerResponse } from "node:http"
import * as database from "./database.ts"
import { underWay } from "./Exchange.ts"
import { renderMetrics } from "./metrics.ts"
import * as redis from "./redis.ts"
import { route } from "./route.ts"
import { settings } from "./settings.ts"

/*
 * A plain service that does what the customer service does for a read, an update and a creation, by hand and as fast
 * as Node.js can: the yardstick of the benchmark. It leaves out what the benchmark does not touch, such as Magento
 * ids, idempotency keys, and going on without Redis.
 */

const answerText = (response: ServerResponse, status: number, text: string): void =>
  void response
    .writeHead(status, ["Content-Type", "text/plain", "Content-Length", String(Buffer.byteLength(text))])
    .end(text)

const answerReady = async (response: ServerResponse): Promise<void> => {
  try {
    await Promise.all([database.ping(), redis.ping()])
    answerText(response, 200, "ready")
  } catch {
    answerText(response, 503, "not ready")
  }
}

const server = createServer((request, response) => {
  if (request.url === "/metrics") return answerText(response, 200, renderMetrics())
  if (request.url === "/health/ready") return void answerReady(response)
  if (underWay.count >= settings.mostConcurrent) return void response.writeHead(503, { "Retry-After": "1" }).end()
  route(request, response)
})

const stop = async (): Promise<void> => {
  await new Promise((resolve) => void server.close(resolve).closeIdleConnections())
  await database.disconnect()
  redis.disconnect()
}

process.once("SIGTERM", () => void stop())
server.listen(settings.port, settings.host)
