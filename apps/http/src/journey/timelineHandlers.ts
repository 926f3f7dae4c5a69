import { Api, TimelineAnswer } from "@customer-service/api"
import { type CustomerId, Customers, InvalidInput, TimelinePages, Timelines } from "@customer-service/core"
import { Effect, Schema } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { answering } from "../gateway/answers.ts"

// A rule that was tightened later must not hide what happened.
const encodeTimeline = Schema.encodeSync(TimelineAnswer, { disableChecks: true })

const answer = ({ entries, next }: TimelinePages.TimelinePage) => {
  const page = next === undefined ? {} : { nextCursor: TimelinePages.formatCursor(next) }
  return HttpServerResponse.jsonUnsafe(encodeTimeline({ entries, page }))
}

const pageOf = Effect.fnUntraced(function* (id: CustomerId, limit: number, cursor: string | undefined) {
  const after = cursor === undefined ? undefined : TimelinePages.parseCursor(cursor)
  if (cursor !== undefined && after === undefined) {
    return yield* new InvalidInput({ issues: [{ path: "cursor", message: "is not a cursor of this service" }] })
  }
  return yield* Timelines.page(id, { limit, after })
})

/** The endpoint of what happened to a customer: it decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "timeline", (handlers) =>
  handlers.handleAll({
    getTimeline: ({ params, query: { cursor, limit = 50 } }) =>
      answering(
        Effect.gen(function* () {
          return answer(yield* pageOf(yield* Customers.resolve(params.customerId), limit, cursor))
        })
      )
  })
)
