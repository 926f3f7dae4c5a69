import { Effect } from "effect"
import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"

/** A wire between a client and a server that a test can hold: connections stay open and nothing passes. */
export interface Relay {
  /** The server's address by way of the relay. */
  readonly url: string
  /** How many connections were opened through it. */
  readonly connections: () => number
  /** How often the client has sent something: what it sends without waiting for an answer counts once. */
  readonly requests: () => number
  readonly freeze: () => void
  readonly thaw: () => void
}

const open = async (url: string) => {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let [frozen, connections, requests] = [false, 0, 0]

  const join = (from: Socket, to: Socket, onData: () => void): void => {
    sockets.add(from)
    from.on("data", (data) => {
      onData()
      to.write(data)
    })
    from.on("error", () => to.destroy())
    from.on("close", () => {
      sockets.delete(from)
      to.destroy()
    })
    if (frozen) from.pause()
  }

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    connections += 1
    join(client, upstream, () => {
      requests += 1
    })
    join(upstream, client, () => {})
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = new URL(url)
  address.port = String((server.address() as AddressInfo).port)

  const each = (act: (socket: Socket) => void) => (): void => {
    for (const socket of sockets) act(socket)
  }
  const relay: Relay = {
    url: address.href,
    connections: () => connections,
    requests: () => requests,
    freeze: () => {
      frozen = true
      each((socket) => socket.pause())()
    },
    thaw: () => {
      frozen = false
      each((socket) => socket.resume())()
    }
  }
  const close = async (): Promise<void> => {
    server.close()
    each((socket) => socket.destroy())()
  }
  return { relay, close }
}

/** A relay to the server of `url`, closed with the scope. */
export const openRelay = (url: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => open(url)),
      ({ close }) => Effect.promise(close)
    ),
    ({ relay }) => relay
  )
