import { connect, type Socket } from "node:net"
import { Answer } from "./Answer.ts"

/** Where requests go: a port on loopback. */
export interface Target {
  readonly port: number
  readonly token: string
}

type Settle = (answer: Answer | undefined) => void

const bufferBytes = 256 * 1024

/**
 * A keep-alive connection that carries one request at a time. One that the server has closed is opened again with
 * the next request; a request that it was closed on is settled with no answer.
 */
export class Connection {
  readonly #port: number
  readonly #settle: Settle
  readonly #answer = new Answer()
  readonly #buffer = Buffer.allocUnsafe(bufferBytes)
  #socket: Socket | undefined
  #partial: Buffer | undefined
  #waiting = false

  constructor(port: number, settle: Settle) {
    this.#port = port
    this.#settle = settle
  }

  /** Resolves when the connection stands, so that a measurement does not begin with handshakes. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket = this.#connect().once("connect", resolve).once("error", reject)
    })
  }

  send(request: string): void {
    this.#waiting = true
    if (this.#socket === undefined) this.#socket = this.#connect()
    this.#socket.write(request, "latin1")
  }

  /** Closes the connection; a request that is under way is not settled any more. */
  close(): void {
    this.#waiting = false
    this.#socket?.destroy()
  }

  #connect(): Socket {
    const onread = {
      buffer: this.#buffer,
      callback: (length: number, bytes: Uint8Array): boolean => {
        this.#receive(bytes as Buffer, length)
        return true
      }
    }
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true, onread })
    socket.on("error", () => {})
    socket.once("close", () => this.#lose())
    return socket
  }

  #receive(bytes: Buffer, length: number): void {
    if (this.#partial !== undefined) return this.#receiveRest(bytes.subarray(0, length))
    if (this.#answer.read(bytes, length)) return this.#finish(this.#answer)
    this.#partial = Buffer.from(bytes.subarray(0, length))
  }

  #receiveRest(more: Buffer): void {
    const all = Buffer.concat([this.#partial ?? Buffer.alloc(0), more])
    const complete = this.#answer.read(all, all.length)
    this.#partial = complete ? undefined : all
    if (complete) this.#finish(this.#answer)
  }

  #finish(answer: Answer | undefined): void {
    this.#waiting = false
    this.#settle(answer)
  }

  #lose(): void {
    this.#socket = undefined
    this.#partial = undefined
    if (this.#waiting) this.#finish(undefined)
  }
}
