import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** A line to a server on which what a client says is counted, and something happens at a moment of one's choice. */
export interface Tripwire {
  /** The server's address by way of this line. */
  readonly url: string
  /** How often something was said to the server since the wire was set. */
  readonly passed: () => number
  /** Counts anew; what is said for the `moment`-th time, and all after it, does not pass, and `action` happens instead. */
  readonly set: (moment: number, action: () => void) => void
}

interface Trip {
  passed: number
  readonly moment: number
  readonly action: () => void
}

const pass = (trip: Trip, far: Socket, said: Buffer): void => {
  trip.passed += 1
  if (trip.passed < trip.moment) far.write(said)
  if (trip.passed === trip.moment) trip.action()
}

/** Lays a line to the server at this address, over which everything passes until it is set. */
export const layTripwire = async (target: string): Promise<Tripwire> => {
  const url = new URL(target)
  const remotePort = Number(url.port)
  let trip: Trip = { passed: 0, moment: Number.POSITIVE_INFINITY, action: () => {} }
  const server = createServer((near) => {
    const far = connect(remotePort, url.hostname)
    near.on("data", (said: Buffer) => pass(trip, far, said))
    far.pipe(near)
    near.on("close", () => far.destroy()).on("error", () => {})
    far.on("close", () => near.destroy()).on("error", () => {})
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  server.unref()
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const near = new URL(url)
  near.hostname = "127.0.0.1"
  near.port = String(port)
  return {
    url: near.href,
    passed: () => trip.passed,
    set: (moment, action) => {
      trip = { passed: 0, moment, action }
    }
  }
}
