import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"

/** A sidecar that takes what is published, but for what mentions a text that it is told to refuse. */
export interface FakeSidecar {
  readonly port: number
  /** The ids of the events that it took, in their order. */
  readonly taken: ReadonlyArray<string>
  refused: string | undefined
  readonly close: () => Promise<void>
}

const idsIn = (body: unknown): ReadonlyArray<string> =>
  (Array.isArray(body) ? body.map(({ event }) => event) : [body]).map(({ eventId }) => eventId)

export const startFakeSidecar = async (): Promise<FakeSidecar> => {
  const taken: Array<string> = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const isRefused = sidecar.refused !== undefined && body.includes(sidecar.refused)
    if (!isRefused && body !== "") taken.push(...idsIn(JSON.parse(body)))
    response.writeHead(isRefused ? 400 : 204).end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const sidecar: FakeSidecar = {
    port,
    taken,
    refused: undefined,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
  return sidecar
}
