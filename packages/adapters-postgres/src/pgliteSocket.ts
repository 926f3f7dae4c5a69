import type { PGlite } from "@electric-sql/pglite"
import { Duplex } from "node:stream"

// Codes in place of a protocol version, PostgreSQL documentation, "Message Formats".
const cancelRequest = 80877102
const sslRequest = 80877103
const terminate = "X".charCodeAt(0)

interface Frames {
  readonly complete: Buffer
  readonly rest: Buffer
  /** Whether the client says goodbye after them. */
  readonly terminated: boolean
}

/** Splits off the whole messages: one type byte, then a length that counts itself and the body. */
const splitFrames = (bytes: Buffer): Frames => {
  let end = 0
  while (bytes.length - end >= 5 && bytes[end] !== terminate) {
    const next = end + 1 + bytes.readInt32BE(end + 1)
    if (next > bytes.length) break
    end = next
  }
  return { complete: bytes.subarray(0, end), rest: bytes.subarray(end), terminated: bytes[end] === terminate }
}

const query = (statement: string): Buffer => {
  const message = Buffer.from(`Q....${statement}\0`)
  message.writeInt32BE(message.length - 1, 1)
  return message
}

/** What a server does when a connection ends; PGlite has the one session, which the next connection finds. */
const endSession = [query("ROLLBACK"), query("DISCARD ALL")]

/**
 * A connection to an embedded PGlite that speaks the PostgreSQL wire protocol, for drivers that take a stream.
 * One database serves one connection at a time; each batch of messages runs to its end before the next. PGlite
 * itself never hears of the end of a connection: it would shut down.
 */
export const pgliteSocket = (database: PGlite): Duplex => {
  let received: Buffer = Buffer.alloc(0)
  let started = false
  let running: Promise<void> = Promise.resolve()

  const exchange = async (messages: Uint8Array): Promise<void> => {
    if (socket.destroyed) return
    await database.execProtocolRawStream(messages, { onRawData: (data) => void socket.push(Buffer.from(data)) })
  }

  const run = (messages: Uint8Array): void => {
    running = running
      .then(() => database.runExclusive(() => exchange(messages)))
      .catch((error: unknown) => {
        socket.destroy(error instanceof Error ? error : new Error("PGlite failed", { cause: error }))
      })
  }

  const reset = (): void => {
    if (!started) return
    const resetting = database.runExclusive(async () => {
      for (const message of endSession) await database.execProtocolRawStream(message, { onRawData: () => {} })
    })
    // It fails where the database has been closed, which ends the session too.
    resetting.catch(() => {})
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
      // The statement to cancel has run to its end: while it ran, nothing could arrive here.
      socket.destroy()
      return
    }
    started = true
    run(message)
    proceed()
  }

  const proceed = (): void => {
    const { complete, rest, terminated } = splitFrames(received)
    received = rest
    if (complete.length > 0) run(complete)
    if (terminated) void running.then(() => socket.destroy())
  }

  const socket: Duplex = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      if (started) proceed()
      else start()
      done()
    },
    destroy: (error, done) => {
      reset()
      done(error)
    }
  })
  return socket
}
