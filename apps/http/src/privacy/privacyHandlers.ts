import { Api, ErasureAnswer } from "@customer-service/api"
import {
  Consents,
  type ConsentLedger,
  type CustomerId,
  Customers,
  Erasures,
  type ErasureRequest,
  Exports,
  InvalidInput
} from "@customer-service/core"
import { DateTime, Effect, Schema } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { keptNowhere } from "../gateway/commonHeaders.ts"
import { answering, succeeding } from "../gateway/answers.ts"
import { onceOf } from "../gateway/idempotency.ts"

const encodeErasure = Schema.encodeSync(ErasureAnswer)

const erasureAnswer = (erasure: ErasureRequest, status = 200) =>
  HttpServerResponse.jsonUnsafe(encodeErasure({ erasure }), { status })

const shownLine = ({ purpose, channel, granted, source, by, at }: ConsentLedger.LedgerLine) => ({
  purpose,
  channel,
  state: granted ? "granted" : "withdrawn",
  source,
  recordedBy: by,
  recordedAt: DateTime.formatIso(at)
})

const listed = ({ lines, next }: ConsentLedger.LedgerPage) =>
  succeeding({ consents: lines.map(shownLine), page: next === undefined ? {} : { nextCursor: String(next) } })

const place = /^[1-9]\d{0,14}$/

const pageOf = Effect.fnUntraced(function* (id: CustomerId, limit: number, cursor: string | undefined) {
  if (cursor !== undefined && !place.test(cursor)) {
    return yield* new InvalidInput({ issues: [{ path: "cursor", message: "is not a cursor of this service" }] })
  }
  return yield* Consents.list(id, { limit, after: cursor === undefined ? undefined : Number(cursor) })
})

/** The endpoints of what is known of a customer and how it ends: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "privacy", (handlers) =>
  handlers.handleAll({
    listConsents: ({ params, query: { asOf, cursor, limit = 50 } }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          if (asOf === undefined) return listed(yield* pageOf(id, limit, cursor))
          return listed({ lines: yield* Consents.asOf(id, asOf) })
        })
      ),
    exportCustomer: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const exported = yield* Exports.exportOf(id)
          const shown = { ...exported, generatedAt: DateTime.formatIso(exported.generatedAt) }
          return succeeding({ export: shown }, { headers: keptNowhere })
        })
      ),
    eraseCustomer: ({ headers, params, payload: { reason, when }, request }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          // What a repetition is told is how the erasure stands by then.
          const once = yield* onceOf(request, headers["idempotency-key"], () => ({
            status: 200,
            headers: {},
            body: ""
          }))
          const erasure = yield* Effect.catchTag(Erasures.plan(id, when, reason, once), "AlreadyAnswered", () =>
            Erasures.find(id)
          )
          return erasureAnswer(erasure, erasure.state === "done" ? 200 : 202)
        })
      ),
    cancelErasure: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return erasureAnswer(yield* Erasures.cancel(id))
        })
      ),
    getErasure: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return erasureAnswer(yield* Erasures.find(id))
        })
      )
  })
)
