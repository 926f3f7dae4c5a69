import { once } from "node:events"
import type { Duplex } from "node:stream"

// Messages of PostgreSQL's wire protocol, as its documentation has them under "Message Formats".

const framed = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + body.length)
  return Buffer.concat([Buffer.from(type), length, body])
}

const integers = (...numbers: ReadonlyArray<number>): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length)
  numbers.forEach((number, index) => bytes.writeInt32BE(number, 4 * index))
  return bytes
}

export const startup = framed("", Buffer.concat([integers(196_608), Buffer.from("user\0postgres\0\0")]))
export const sslRequest = framed("", integers(80_877_103))
export const cancelRequest = framed("", integers(80_877_102, 1, 2))
export const terminate = framed("X", Buffer.alloc(0))
export const query = (statement: string): Buffer => framed("Q", Buffer.from(`${statement}\0`))

/** What a connection has answered so far, by the types of its messages; `Z` and a state end each answer. */
export const answersOf = (socket: Duplex) => {
  let received: Buffer = Buffer.alloc(0)
  socket.on("data", (data: Buffer) => {
    received = Buffer.concat([received, data])
  })

  const take = (): string | undefined => {
    let [end, types] = [0, ""]
    while (received.length - end >= 5) {
      const type = String.fromCharCode(received[end] ?? 0)
      const next = end + 1 + received.readInt32BE(end + 1)
      types += type === "Z" ? `Z${String.fromCharCode(received[next - 1] ?? 0)}` : type
      end = next
      if (type !== "Z") continue
      received = received.subarray(end)
      return types
    }
    return undefined
  }

  return {
    /** The single byte that answers a request for TLS. */
    tls: async (): Promise<string> => {
      while (received.length < 1) await once(socket, "data")
      const answer = received.subarray(0, 1).toString()
      received = received.subarray(1)
      return answer
    },
    /** The types of the next answer's messages, notices of parameters left out. */
    next: async (): Promise<string> => {
      for (let answer = take(); ; answer = take()) {
        if (answer !== undefined) return answer.replaceAll(/[SN]/g, "")
        await once(socket, "data")
      }
    }
  }
}
