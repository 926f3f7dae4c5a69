import { randomInt } from "node:crypto"
import { connect, createServer } from "node:net"

export const loopback = "127.0.0.1"

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once("error", () => resolve(false))
    probe.listen(port, loopback, () => probe.close(() => resolve(true)))
  })

/** Whether somebody accepts connections on a loopback port. */
export const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(port, loopback)
    probe.once("error", () => resolve(false))
    probe.once("connect", () => {
      probe.destroy()
      resolve(true)
    })
  })

/**
 * A loopback port nobody listens on, and none of `others`. It lies below the ranges from which Linux and macOS give ports to outgoing
 * connections, so that nobody takes it while the server is stopped for a moment.
 */
export const freePort = async (others: ReadonlyArray<number> = []): Promise<number> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(20_000, 30_000)
    if (!others.includes(port) && (await isFree(port))) return port
  }
  throw new Error("No free port between 20000 and 29999 on 127.0.0.1")
}
