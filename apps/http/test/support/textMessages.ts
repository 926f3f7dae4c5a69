import { once } from "node:events"
import { createServer } from "node:http"
import { json } from "node:stream/consumers"
import { vi } from "vitest"

/** A text message as the gateway was given it. */
export interface TextMessage {
  readonly to: string
  readonly text: string
}

/** A gateway for text messages that keeps them. */
export interface TextGateway {
  readonly url: string
  readonly all: () => ReadonlyArray<TextMessage>
  /** The code in the newest message to this phone once there are `count` of them. */
  readonly codeOf: (phone: string, count?: number) => Promise<string>
  readonly close: () => Promise<void>
}

/** Starts a gateway for text messages on a port of its own. */
export const startTextGateway = async (): Promise<TextGateway> => {
  const received: Array<TextMessage> = []
  const server = createServer(async (request, response) => {
    received.push((await json(request)) as TextMessage)
    response.writeHead(202).end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/messages`,
    all: () => received,
    codeOf: async (phone, count = 1) => {
      const message = await vi.waitUntil(() => received.filter(({ to }) => to === phone)[count - 1], {
        timeout: 15_000
      })
      return /\b(\d{6})\b/.exec(message.text)?.[1] ?? ""
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}
