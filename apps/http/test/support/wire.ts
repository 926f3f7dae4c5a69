import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** A line to a server that can be cut, or go silent, without touching the server itself. */
export interface Wire {
  /** The server's address by way of this line. */
  readonly url: string
  /** How often somebody has called. */
  readonly calls: () => number
  /** Nothing passes any more, in neither direction; lines stay open and new ones are taken. */
  readonly freeze: () => void
  /** Hangs up on every new call at once. */
  readonly drop: () => void
  /** Lets everything pass again. */
  readonly resume: () => void
  /** Ends all lines and refuses new ones. */
  readonly cut: () => Promise<void>
  readonly mend: () => Promise<void>
}

/** Lays a line to the server at this address; it is cut when the process ends. */
export const layWire = async (target: string): Promise<Wire> => {
  const url = new URL(target)
  const remotePort = Number(url.port)
  const ends = new Set<Socket>()
  let calls = 0
  let frozen = false
  let dropping = false

  const hold = (end: Socket): void => {
    ends.add(end)
    end.on("error", () => {})
    end.on("close", () => ends.delete(end))
    if (frozen) end.pause()
  }
  const server = createServer((near) => {
    calls += 1
    if (dropping) {
      near.destroy()
      return
    }
    const far = connect(remotePort, url.hostname)
    near.pipe(far)
    far.pipe(near)
    near.on("close", () => far.destroy())
    far.on("close", () => near.destroy())
    hold(near)
    hold(far)
  })
  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
  }
  await listen(0)
  server.unref()
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  url.hostname = "127.0.0.1"
  url.port = String(port)

  return {
    url: url.href,
    calls: () => calls,
    freeze: () => {
      frozen = true
      for (const end of ends) end.pause()
    },
    drop: () => {
      dropping = true
    },
    resume: () => {
      frozen = false
      dropping = false
      for (const end of ends) end.resume()
    },
    cut: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const end of ends) end.destroy()
      await closed
    },
    mend: () => listen(port)
  }
}
