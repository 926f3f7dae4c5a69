import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"

/** A way to a sidecar on which requests are counted, and events refused as a bus does that cannot take them. */
export interface BusProxy {
  readonly port: string
  /** From now on every request is refused that holds this text. */
  readonly refuse: (poison: string) => void
  readonly takeAll: () => void
  /** How many requests to publish were passed on. */
  readonly passed: () => number
  /** How many requests were refused. */
  readonly refused: () => number
  readonly close: () => void
}

const refusal = JSON.stringify({ errorCode: "ERR_PUBSUB_PUBLISH_MESSAGE", message: "this event is not taken" })

const passOn = (target: string, from: IncomingMessage, body: string, to: ServerResponse): void => {
  const { headers, method, url = "" } = from
  request(`${target}${url}`, { method, headers }, (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(to)
  })
    .on("error", () => to.destroy())
    .end(body)
}

/** Starts a proxy in front of the sidecar at this address. */
export const startBusProxy = async (sidecarUrl: string): Promise<BusProxy> => {
  const poisons = new Set<string>()
  const count = { passed: 0, refused: 0 }
  const answer = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const body = await text(from)
    if (![...poisons].some((poison) => body.includes(poison))) {
      if (from.method === "POST") count.passed += 1
      return passOn(sidecarUrl, from, body, to)
    }
    count.refused += 1
    to.writeHead(400, { "content-type": "application/json" }).end(refusal)
  }
  const server = createServer((from, to) => void answer(from, to))
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    port: String(typeof address === "object" && address !== null ? address.port : 0),
    refuse: (poison) => void poisons.add(poison),
    takeAll: () => poisons.clear(),
    passed: () => count.passed,
    refused: () => count.refused,
    close: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}
