import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect } from "effect"
import type { JWK } from "jose"

/** A local HTTP server that notes the requests it sees. */
const serve = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  Effect.acquireRelease(
    Effect.callback<{ url: string; requests: Array<string>; close: Effect.Effect<void> }>((resume) => {
      const requests: Array<string> = []
      const server = createServer((request, response) => {
        requests.push(request.url ?? "")
        answer(request, response)
      })
      const close = Effect.callback<void>((resumeClosed) => {
        server.close(() => resumeClosed(Effect.void))
        server.closeAllConnections()
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}/jwks.json`, requests, close }))
      })
    }),
    ({ close }) => close
  )

/** Serves a set of keys that can be changed between requests. */
export const keyServer = Effect.fnUntraced(function* (first: ReadonlyArray<JWK>) {
  const state = { keys: first, status: 200 }
  const server = yield* serve((_, response) => {
    response.writeHead(state.status, { "content-type": "application/json" }).end(JSON.stringify({ keys: state.keys }))
  })
  return { ...server, state }
})

/** Takes requests and never answers them. */
export const silentServer = serve(() => {})

/** Answers anything with these headers and text. */
export const answeringServer = (status: number, headers: Record<string, string>, body: string) =>
  serve((_, response) => {
    response.writeHead(status, headers).end(body)
  })
