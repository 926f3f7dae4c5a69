import type { RateLimiter } from "@customer-service/core"
import { Context, Layer } from "effect"
import { type IncomingMessage, Server, type ServerOptions, type ServerResponse } from "node:http"

/** Answers a request at once and says so, or leaves it to the server behind. */
export type Porter = (request: IncomingMessage, response: ServerResponse) => boolean

const sweepMillis = 50

/** A server that shows each request to a porter first; those he does not answer go the ordinary way. */
class PortedServer extends Server {
  porter: Porter = () => false

  /** Calls that the porter counted before he passed their request on: they must not count twice. */
  readonly counted = new WeakMap<object, RateLimiter.RateLimitState>()

  override emit(event: string, ...values: Array<unknown>): boolean {
    const [request, response] = values as [IncomingMessage, ServerResponse]
    return (event === "request" && this.porter(request, response)) || super.emit(event, ...values)
  }

  /** Takes no more connections, and ends each that is left as soon as its last answer is out. */
  override close(onClose?: (error?: Error) => void): this {
    // Node ends those that are idle now; one that is busy would be kept alive for a next request after it.
    const sweeping = setInterval(() => this.closeIdleConnections(), sweepMillis)
    this.once("close", () => clearInterval(sweeping))
    return super.close(onClose)
  }

  /** Sends a request that the porter took the ordinary way after all. */
  passOn(request: IncomingMessage, response: ServerResponse): void {
    super.emit("request", request, response)
  }
}

/** The server of this process, for the one who keeps its door. */
export class FrontDoor extends Context.Service<FrontDoor, PortedServer>()("@customer-service/http/FrontDoor") {
  static readonly layer = (options: ServerOptions) => Layer.sync(FrontDoor, () => new PortedServer(options))
}
