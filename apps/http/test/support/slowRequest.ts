import { once } from "node:events"
import { connect } from "node:net"

/** A request of which only the first half has been sent, on a line that would be kept open. */
export interface SlowRequest {
  /** Sends the rest; resolves with the whole answer as it came over the line. */
  readonly finish: () => Promise<string>
  readonly abandon: () => void
}

const isWhole = (answer: string): boolean => {
  const [head = "", body = ""] = answer.split("\r\n\r\n", 2)
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  return length !== undefined && Buffer.byteLength(body) >= Number(length)
}

/** Sends a POST with a JSON body up to the middle of the body; resolves when the service waits for the rest. */
export const beginPost = async (
  base: string,
  path: string,
  token: string,
  body: object,
  more: ReadonlyArray<string> = []
): Promise<SlowRequest> => {
  const { hostname, port } = new URL(base)
  const text = JSON.stringify(body)
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Expect: 100-continue",
    ...more
  ]
  const socket = connect(Number(port), hostname)
  await once(socket, "connect")
  socket.setEncoding("utf8").on("error", () => {})
  socket.write(`${head.join("\r\n")}\r\n\r\n`)
  const [interim] = await once(socket, "data")
  if (!String(interim).startsWith("HTTP/1.1 100 ")) throw new Error(`Answered before the body came: ${interim}`)
  socket.write(text.slice(0, 10))
  return {
    finish: async () => {
      socket.write(text.slice(10))
      let answer = ""
      for await (const part of socket.iterator({ destroyOnReturn: false })) {
        answer += String(part)
        if (isWhole(answer)) break
      }
      return answer
    },
    abandon: () => socket.destroy()
  }
}
