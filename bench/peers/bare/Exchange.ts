import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { RouteCounts } from "./metrics.ts"
import type { LimitState } from "./redis.ts"
import type { Caller } from "./tokens.ts"

const opening = '{"success":true,"data":{"customer":'

const isAscii = (text: string, bytes: number): boolean => text.length === bytes

/** How many requests wait for their answers. */
export const underWay = { count: 0 }

/** A request, what is known of it, and the one answer it gets. */
export class Exchange {
  readonly request: IncomingMessage
  readonly now = Date.now()
  readonly #response: ServerResponse
  readonly #started = performance.now()
  readonly #route: RouteCounts
  correlationId = ""
  authorization = ""
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
  caller: Caller | undefined
  limit: LimitState | undefined

  constructor(request: IncomingMessage, response: ServerResponse, route: RouteCounts) {
    this.request = request
    this.#response = response
    this.#route = route
    underWay.count += 1
    const { rawHeaders } = request
    for (let index = 0; index < rawHeaders.length; index += 2) {
      this.#takeHeader(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "")
    }
    if (this.correlationId === "") this.correlationId = randomUUID()
  }

  // Node's own headers object would be made of all of them, in lower case; most need only be looked at.
  #takeHeader(name: string, value: string): void {
    if (name.length !== 8 && name.length !== 13 && name.length !== 16) return
    const lower = name.toLowerCase()
    if (lower === "authorization") this.authorization = value
    else if (lower === "if-none-match") this.ifNoneMatch = value
    else if (lower === "if-match") this.ifMatch = value
    else if (lower === "x-correlation-id" && /^[A-Za-z0-9._:-]{1,128}$/.test(value)) this.correlationId = value
  }

  /** Answers a customer, given as JSON. */
  customer(status: number, version: number, json: string, location?: string): void {
    const headers = ["ETag", `"${version}"`]
    if (location !== undefined) headers.push("Location", location)
    this.#end(status, `${opening}${json}}}`, headers)
  }

  notModified(version: number): void {
    this.#end(304, undefined, ["ETag", `"${version}"`])
  }

  fail(
    status: number,
    code: string,
    message: string,
    details: ReadonlyArray<unknown> = [],
    headers: Array<string> = []
  ): void {
    const error = { code, message, details, correlationId: this.correlationId }
    this.#end(status, JSON.stringify({ success: false, error }), headers)
  }

  unauthenticated(): void {
    this.fail(401, "UNAUTHENTICATED", "The access token is missing or not valid", [], ["WWW-Authenticate", "Bearer"])
  }

  rateLimited({ resetSeconds }: LimitState): void {
    this.fail(429, "RATE_LIMITED", "Too many requests", [], ["Retry-After", String(resetSeconds)])
  }

  /** For a request that failed by no fault of its sender. */
  breakOff(error: unknown): void {
    process.stderr.write(`${this.correlationId} ${error instanceof Error ? error.message : "failed"}\n`)
    if (!this.#response.headersSent) this.fail(500, "INTERNAL_ERROR", "The service failed")
  }

  #end(status: number, body: string | undefined, headers: Array<string>): void {
    headers.push("X-Correlation-Id", this.correlationId, "X-Content-Type-Options", "nosniff")
    headers.push("Cache-Control", "private, no-cache", "Vary", "Authorization")
    const { caller, limit } = this
    if (limit !== undefined && caller !== undefined) {
      headers.push("RateLimit-Limit", String(caller.limit), "RateLimit-Remaining", String(limit.remaining))
      headers.push("RateLimit-Reset", String(limit.resetSeconds))
    }
    this.#write(status, body, headers)
    underWay.count -= 1
    this.#route.note(status, performance.now() - this.#started)
  }

  #write(status: number, body: string | undefined, headers: Array<string>): void {
    if (body === undefined) return void this.#response.writeHead(status, headers).end()
    const bytes = Buffer.byteLength(body)
    headers.push("Content-Type", "application/json; charset=utf-8", "Content-Length", String(bytes))
    this.#response.writeHead(status, headers).end(body, isAscii(body, bytes) ? "latin1" : "utf8")
  }
}
