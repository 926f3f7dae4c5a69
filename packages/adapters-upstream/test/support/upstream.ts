import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { Effect, Schedule } from "effect"

/** What a service was asked. */
export interface Asked {
  readonly path: string
  readonly headers: IncomingMessage["headers"]
}

/** A service that answers as a test says, and notes what it was asked. */
export const upstream = Effect.fnUntraced(function* (answer: RequestListener = neverAnswer) {
  const asked: Array<Asked> = []
  const connections = new Set<Socket>()
  const state = { answer }
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", headers: request.headers })
    state.answer(request, response)
  })
  server.on("connection", (socket) => {
    connections.add(socket)
    socket.on("close", () => connections.delete(socket)).on("error", () => {})
  })
  const listen = (port: number) =>
    Effect.callback<number>((resume) => {
      server.listen(port, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    })
  const close = Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })
  const port = yield* Effect.acquireRelease(listen(0), () => close)
  return {
    asked,
    connections,
    state,
    url: `http://127.0.0.1:${port}`,
    /** Nobody listens any more. */
    die: close,
    comeBack: listen(port)
  }
})

export const neverAnswer: RequestListener = () => {}

export const json =
  (body: unknown, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))

export const text =
  (body: string, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(body)

/** Sends a byte now and then, and never the last. */
export const trickle: RequestListener = (_, response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json" })
  const sending = setInterval(() => response.write(" "), 20)
  response.on("close", () => clearInterval(sending))
}

/** Promises more than it sends, and hangs up. */
export const truncated: RequestListener = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" })
  response.write('{"orderCount": 23, ')
  response.socket?.end()
}

/** Waits for a condition of the world outside. */
export const until = (isSo: () => boolean) =>
  Effect.repeat(Effect.sync(isSo), { until: (so) => so, schedule: Schedule.spaced("5 millis") })
