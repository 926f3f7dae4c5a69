import type { PGlite } from "@electric-sql/pglite"
import { Duplex } from "node:stream"

// Codes in place of a protocol version, PostgreSQL documentation, "Message Formats".
const cancelRequest = 80877102
const sslRequest = 80877103
const terminate = "X".charCodeAt(0)

interface Frames {
  readonly complete: Buffer
  readonly rest: Buffer
}

/** Splits off the whole messages: one type byte, then a length that counts itself and the body. */
const splitFrames = (bytes: Buffer): Frames => {
  let end = 0
  while (bytes.length - end >= 5) {
    const next = end + 1 + bytes.readInt32BE(end + 1)
    if (next > bytes.length) break
    end = next
  }
  return { complete: bytes.subarray(0, end), rest: bytes.subarray(end) }
}

/**
 * A connection to an embedded PGlite that speaks the PostgreSQL wire protocol, for drivers that take a stream.
 * One database serves one connection at a time; each batch of messages runs to its end before the next.
 */
export const pgliteSocket = (database: PGlite): Duplex => {
  let received: Buffer = Buffer.alloc(0)
  let started = false
  let running: Promise<void> = Promise.resolve()

  const run = (messages: Uint8Array): void => {
    running = running
      .then(() =>
        database.runExclusive(() =>
          database.execProtocolRawStream(messages, { onRawData: (data) => void socket.push(Buffer.from(data)) })
        )
      )
      .catch((error: unknown) => {
        socket.destroy(error instanceof Error ? error : new Error("PGlite failed", { cause: error }))
      })
  }

  /** The first messages have no type byte: a request for TLS, which is declined, a cancellation, or the start-up. */
  const start = (): void => {
    if (received.length < 8 || received.length < received.readInt32BE(0)) return
    const length = received.readInt32BE(0)
    const code = received.readInt32BE(4)
    const message = received.subarray(0, length)
    received = received.subarray(length)
    if (code === sslRequest) {
      socket.push("N")
      return start()
    }
    if (code === cancelRequest) {
      socket.push(null)
      return
    }
    started = true
    run(message)
    proceed()
  }

  const proceed = (): void => {
    const { complete, rest } = splitFrames(received)
    received = rest
    if (complete.length === 0) return
    if (complete[0] === terminate) {
      void running.then(() => socket.push(null))
      return
    }
    run(complete)
  }

  const socket: Duplex = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      if (started) proceed()
      else start()
      done()
    }
  })
  return socket
}
