import { randomInt } from "node:crypto"
import { createServer } from "node:net"

export const loopback = "127.0.0.1"

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once("error", () => resolve(false))
    probe.listen(port, loopback, () => probe.close(() => resolve(true)))
  })

/**
 * A loopback port nobody listens on. It lies below the ranges from which Linux and macOS give ports to outgoing
 * connections, so that nobody takes it while the server is stopped for a moment.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(20_000, 30_000)
    if (await isFree(port)) return port
  }
  throw new Error("No free port between 20000 and 29999 on 127.0.0.1")
}
