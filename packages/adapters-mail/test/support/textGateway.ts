import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, Redacted } from "effect"

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A gateway for text messages that notes what it is asked, and answers with a status; undefined to never answer. */
export const textGateway = Effect.fnUntraced(function* () {
  const state: { status: number | undefined } = { status: 202 }
  const requests: Array<{ method: string; path: string; authorization: string; type: string; body: string }> = []
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { authorization = "", "content-type": type = "" } = request.headers
      requests.push({ method: request.method ?? "", path: request.url ?? "", authorization, type, body })
      if (state.status !== undefined) response.writeHead(state.status, { location: "/elsewhere" }).end("{}")
    })
  })
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    }),
    () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )
  const url = (credentials = "") => Redacted.make(`http://${credentials}127.0.0.1:${port}/send?from=shop`)
  return { requests, state, url }
})
