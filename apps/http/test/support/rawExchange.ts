import { once } from "node:events"
import { connect } from "node:net"

/** Sends these bytes on a line of their own; resolves with all that came back until the service ended the line. */
export const exchange = async (base: string, text: string): Promise<string> => {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  await once(socket, "connect")
  socket.setEncoding("utf8").on("error", () => {})
  let answer = ""
  socket.on("data", (part: string) => {
    answer += part
  })
  const ended = once(socket, "close")
  socket.write(text)
  await ended
  return answer
}

/** Sends these bytes and hangs up without waiting for an answer. */
export const hangUp = async (base: string, text: string): Promise<void> => {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  await once(socket, "connect")
  socket.on("error", () => {})
  await new Promise((resolve) => socket.write(text, resolve))
  socket.destroy()
}
