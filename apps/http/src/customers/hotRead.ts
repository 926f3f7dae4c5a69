import { type DomainError, failureOf, renderSuccess } from "@customer-service/api"
import { type CustomerId, CustomerDocuments, hasScope, isAdmin, parseReference } from "@customer-service/core"
import { Effect, Exit, Layer, Result } from "effect"
import type { IncomingMessage, ServerResponse } from "node:http"
import { Access } from "../gateway/Access.ts"
import { commonHeaders, correlationIdOf } from "../gateway/commonHeaders.ts"
import { renderFailure } from "../gateway/failureResponse.ts"
import { FrontDoor } from "../gateway/FrontDoor.ts"
import { count } from "../gateway/requestMetrics.ts"
import type { RequestRecord } from "../gateway/RequestRecord.ts"
import { UnderWay } from "../gateway/UnderWay.ts"
import { entityTag, holdsStill } from "../gateway/versions.ts"

const prefix = "/v1/customers/"
const template = "/v1/customers/{customerId}"

/** The id in the path of a plain read by UUID. */
const idOf = ({ method, url = "" }: IncomingMessage): CustomerId | undefined => {
  if (method !== "GET" || url.length !== prefix.length + 36 || !url.startsWith(prefix)) return undefined
  const reference = parseReference(url.slice(prefix.length))
  return reference?._tag === "Id" ? reference.id : undefined
}

const textOf = (header: string | Array<string> | undefined): string | undefined =>
  typeof header === "string" ? header : undefined

const send = (
  response: ServerResponse,
  record: RequestRecord,
  { json, version }: CustomerDocuments.DocumentText,
  ifNoneMatch: string | undefined
): void => {
  const status = holdsStill(ifNoneMatch, version) ? 304 : 200
  const headers: Record<string, string | number> = { ...commonHeaders(record), etag: entityTag(version) }
  count("GET", template, status, performance.now() - record.startedAt)
  if (status === 304) {
    response.writeHead(304, headers).end()
    return
  }
  const body = renderSuccess("customer", json)
  headers["content-type"] = "application/json"
  headers["content-length"] = Buffer.byteLength(body)
  response.writeHead(200, headers).end(body)
}

/** What the ordinary way would answer as well, after it had asked the database again. */
const refuse = (response: ServerResponse, record: RequestRecord, error: DomainError): void => {
  const { body, headers, status } = renderFailure(failureOf(error), record.correlationId)
  count("GET", template, status, performance.now() - record.startedAt)
  response
    .writeHead(status, {
      ...headers,
      ...commonHeaders(record),
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body)
    })
    .end(body)
}

const make = Effect.gen(function* () {
  const access = yield* Access
  const documents = yield* CustomerDocuments.CustomerDocuments
  const door = yield* FrontDoor
  const underWay = yield* UnderWay
  const run = Effect.runForkWith(yield* Effect.context<never>())

  door.porter = (request, response) => {
    const id = idOf(request)
    if (id === undefined || underWay.count >= underWay.most) return false
    const actor = access.recognise(request.headers.authorization)
    if (actor === undefined || !hasScope(actor, "customers:read")) return false
    if (actor.kind === "customer" && actor.subject !== id) return false

    const startedAt = performance.now()
    const correlationId = correlationIdOf(textOf(request.headers["x-correlation-id"]))
    underWay.count += 1
    // Her limit, her session and the customer are asked for together: one round trip to the cache.
    const finding = Effect.exit(Effect.result(documents.find(id)))
    const fiber = run(Effect.all([access.check(actor), finding], { concurrency: 2 }))
    fiber.addObserver((exit) => {
      underWay.count -= 1
      if (Exit.isFailure(exit)) return door.passOn(request, response)
      const [{ isLoggedIn, limit }, found] = exit.value
      const record = { correlationId, startedAt, limit }
      if (limit.allowed && isLoggedIn && Exit.isSuccess(found)) {
        if (Result.isSuccess(found.value)) {
          return send(response, record, found.value.success, request.headers["if-none-match"])
        }
        // Admins may see closed accounts, which are no documents.
        const error = found.value.failure
        if (error._tag !== "CustomerNotFound" || !isAdmin(actor)) return refuse(response, record, error)
      }
      door.counted.set(request, limit)
      door.passOn(request, response)
    })
    return true
  }
})

/**
 * The hot read: a customer by UUID, for a caller whose token was verified a short while ago. Counted, limited,
 * authorised, correlated and measured by the same parts as everything else, but without the machinery that a request
 * of unknown fate needs; what it cannot answer goes the ordinary way. See
 * docs/adr/0003-hot-read.md for what it saves.
 */
export const layer = Layer.effectDiscard(make)
