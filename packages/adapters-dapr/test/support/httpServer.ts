import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect } from "effect"

/** A request as it arrived. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage["headers"]
  readonly text: string
}

const read = async (request: IncomingMessage): Promise<Call> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk)
  const { headers, method = "", url = "" } = request
  return { method, path: url, headers, text: Buffer.concat(chunks).toString() }
}

/** A server on a port of its own; answers the port. */
export const httpServer = (answer: (call: Call, response: ServerResponse) => void) => {
  const server = createServer((request, response) => {
    read(request).then(
      (call) => answer(call, response),
      () => response.destroy()
    )
  })
  return Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    }),
    () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )
}
