import { Api, type CustomerFilters, renderSuccess } from "@customer-service/api"
import {
  type Customer,
  CustomerDocuments,
  CustomerQuery,
  Customers,
  InvalidInput,
  parseReference
} from "@customer-service/core"
import { Effect, Redacted } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { answering, versioned } from "../gateway/answers.ts"
import { answer, body } from "./customerAnswers.ts"
import { onceOf, respond } from "../gateway/idempotency.ts"
import { entityTag, expectedVersion } from "../gateway/versions.ts"

const created = (customer: Customer) => ({
  status: 201,
  headers: { location: `/v1/customers/${customer.id}`, etag: entityTag(customer.version) },
  body: body(customer)
})

const listOf = ({ customers, next }: CustomerQuery.CustomerPage): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe({
    success: true,
    data: {
      customers: customers.map(CustomerDocuments.documentOf),
      page: next === undefined ? {} : { nextCursor: CustomerQuery.formatCursor(next) }
    }
  })

const invalid = (path: string, message: string) => new InvalidInput({ issues: [{ path, message }] })

const mostIds = 100

const batch = Effect.fnUntraced(function* (ids: string, filters: CustomerFilters) {
  if (Object.keys(filters).length > 0) return yield* invalid("ids", "takes no other filter beside it")
  const references = ids.split(",").map((id) => parseReference(id.trim()))
  const known = references.flatMap((reference) => (reference?._tag === "Id" ? [reference.id] : []))
  if (known.length !== references.length || known.length > mostIds) {
    return yield* invalid("ids", `must be 1 to ${mostIds} UUIDs separated by commas`)
  }
  return { customers: yield* Customers.getMany(known) }
})

const page = Effect.fnUntraced(function* ({ cursor, limit = 50, ...filters }: CustomerFilters) {
  const after = cursor === undefined ? undefined : CustomerQuery.parseCursor(cursor)
  if (cursor !== undefined && after === undefined) return yield* invalid("cursor", "is not a cursor of this service")
  return yield* Customers.list({ ...filters, limit, after })
})

/** The endpoints of customers: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "customers", (handlers) =>
  handlers.handleAll({
    createCustomer: ({ headers, payload: { password, ...input }, request }) =>
      answering(
        Effect.gen(function* () {
          const once = yield* onceOf(request, headers["idempotency-key"], created)
          const secret = password === undefined ? undefined : Redacted.make(password)
          return respond(created(yield* Customers.register(input, secret, once)))
        })
      ),
    listCustomers: ({ query: { ids, ...filters } }) =>
      answering(Effect.map(ids === undefined ? page(filters) : batch(ids, filters), listOf)),
    getCustomer: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          const { json, version } = yield* Customers.document(yield* Customers.resolve(params.customerId))
          return versioned(renderSuccess("customer", json), version, headers["if-none-match"])
        })
      ),
    updateCustomer: ({ headers, params, payload }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return answer(yield* Customers.update(id, payload, { expectedVersion: expectedVersion(headers["if-match"]) }))
        })
      ),
    deactivateCustomer: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return answer(yield* Customers.deactivate(id, { expectedVersion: expectedVersion(headers["if-match"]) }))
        })
      )
  })
)
