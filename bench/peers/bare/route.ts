import type { IncomingMessage, ServerResponse } from "node:http"
import type { Changes } from "./Customer.ts"
import { Exchange } from "./Exchange.ts"
import type { Issues } from "./Issues.ts"
import { routes } from "./metrics.ts"
import { readCustomer } from "./readCustomer.ts"
import { consume } from "./redis.ts"
import { isJson, readBody } from "./requestBody.ts"
import { creationIssues, updateIssues } from "./rules.ts"
import { type Caller, knownCaller, mayUse, verifyToken } from "./tokens.ts"
import { createCustomer, type Creation, updateCustomer } from "./writeCustomer.ts"

const collection = "/v1/customers"
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

type Handle = (exchange: Exchange, caller: Caller) => void | Promise<void>

/** Goes on as the caller of the bearer token, if it is good and has the scope. */
const authorised = (exchange: Exchange, scope: string, handle: Handle): void | Promise<void> => {
  if (!/^bearer /i.test(exchange.authorization)) return exchange.unauthenticated()
  const token = exchange.authorization.slice(7)
  const proceed = (caller: Caller | undefined): void | Promise<void> => {
    if (caller === undefined) return exchange.unauthenticated()
    if (!mayUse(caller, scope)) return exchange.fail(403, "FORBIDDEN", `The access token lacks the scope ${scope}`)
    exchange.caller = caller
    return handle(exchange, caller)
  }
  const known = knownCaller(token, exchange.now)
  return known === undefined ? verifyToken(token, exchange.now).then(proceed) : proceed(known)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The checked body; undefined where the exchange was answered already. */
const checkedBody = async (exchange: Exchange, issuesOf: (body: unknown) => Issues["list"]): Promise<unknown> => {
  if (!isJson(exchange.request)) {
    exchange.fail(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json")
    return undefined
  }
  const text = await readBody(exchange.request)
  if (text === undefined) {
    exchange.fail(413, "PAYLOAD_TOO_LARGE", "The body is larger than 64 KiB", [], ["Connection", "close"])
    return undefined
  }
  const body = parse(text)
  const issues = issuesOf(body)
  if (issues.length === 0) return body
  exchange.fail(400, "VALIDATION_FAILED", "The request is not valid", issues)
  return undefined
}

const limited = async (exchange: Exchange, caller: Caller): Promise<boolean> => {
  exchange.limit = await consume(caller.limitKey, caller.limit, exchange.now)
  if (!exchange.limit.allowed) exchange.rateLimited(exchange.limit)
  return !exchange.limit.allowed
}

const update =
  (id: string): Handle =>
  async (exchange, caller) => {
    if (await limited(exchange, caller)) return
    if (caller.kind === "customer" && caller.subject !== id) {
      return exchange.fail(404, "CUSTOMER_NOT_FOUND", "The customer does not exist")
    }
    const body = await checkedBody(exchange, updateIssues)
    if (body !== undefined) await updateCustomer(exchange, caller, id, body as Changes)
  }

const create: Handle = async (exchange, caller) => {
  if (await limited(exchange, caller)) return
  if (caller.kind === "customer") return exchange.fail(403, "FORBIDDEN", "A customer does not create accounts")
  const body = await checkedBody(exchange, creationIssues)
  if (body !== undefined) await createCustomer(exchange, caller, body as Creation)
}

const routeOne = (request: IncomingMessage, response: ServerResponse, segment: string): void => {
  const { method } = request
  const id = segment.toLowerCase()
  const exchange = new Exchange(request, response, method === "GET" ? routes.read : routes.update)
  if (!uuid.test(id)) return exchange.fail(400, "INVALID_CUSTOMER_ID", "The customer id must be a UUID")
  const handled =
    method === "GET"
      ? authorised(exchange, "customers:read", (_, caller) => readCustomer(exchange, caller, id))
      : authorised(exchange, "customers:write", update(id))
  handled?.catch((error: unknown) => exchange.breakOff(error))
}

/** Answers the routes under /v1/customers, and everything unknown. */
export const route = (request: IncomingMessage, response: ServerResponse): void => {
  const { method, url = "" } = request
  const query = url.indexOf("?")
  const path = query < 0 ? url : url.slice(0, query)
  if (path.startsWith(`${collection}/`) && (method === "GET" || method === "PUT")) {
    return routeOne(request, response, path.slice(collection.length + 1))
  }
  if (path === collection && method === "POST") {
    const exchange = new Exchange(request, response, routes.create)
    return void Promise.resolve(authorised(exchange, "customers:write", create)).catch((error: unknown) =>
      exchange.breakOff(error)
    )
  }
  new Exchange(request, response, routes.other).fail(404, "NOT_FOUND", "There is nothing at this path")
}
