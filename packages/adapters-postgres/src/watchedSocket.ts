import { connect, type NetConnectOpts, type Socket } from "node:net"

/** How often in its patience a socket is looked at. */
const looks = 10

/**
 * A connection that fails once the server has left something unanswered for `patience` milliseconds without a byte.
 * TCP alone notices after many minutes that the machine at the other end is gone, and never that the server hangs;
 * until then the pool would hand such a connection out again and again.
 */
export const watchedSocket = (address: NetConnectOpts, patience: number): Socket => {
  const socket = connect({ ...address, noDelay: true })
  let [heard, said, silentLooks] = [0, 0, 0]

  const look = (): void => {
    const isAnswered = socket.bytesRead !== heard || socket.bytesWritten === said
    silentLooks = isAnswered ? 0 : silentLooks + 1
    if (isAnswered) [heard, said] = [socket.bytesRead, socket.bytesWritten]
    if (silentLooks === looks) socket.destroy(new Error("The database server does not answer"))
  }

  const timer = setInterval(look, patience / looks)
  timer.unref()
  socket.once("close", () => clearInterval(timer))
  return socket
}

/** Where the server of a `postgres://` URL listens; its parameters win over its authority, as with libpq. */
export const serverAddress = (url: string): NetConnectOpts => {
  const { hostname, port, searchParams } = new URL(url)
  const host = searchParams.get("host") ?? (decodeURIComponent(hostname.replace(/^\[|\]$/g, "")) || "localhost")
  const number = Number(searchParams.get("port") ?? (port || 5432))
  return host.startsWith("/") ? { path: `${host}/.s.PGSQL.${number}` } : { host, port: number }
}
