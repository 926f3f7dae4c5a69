import { Api } from "@customer-service/api"
import {
  Customers,
  Memberships,
  type Segment,
  SegmentId,
  SegmentName,
  SegmentNotFound,
  Segments,
  segmentView
} from "@customer-service/core"
import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { answering } from "../gateway/answers.ts"
import { onceOf, respond } from "../gateway/idempotency.ts"
import { expectedVersion } from "../gateway/versions.ts"
import { readCursor } from "./memberCursor.ts"
import * as answers from "./segmentAnswers.ts"

const isId = Schema.is(SegmentId)
const isName = Schema.is(SegmentName)

/** The segment that a path names: text that can be neither an id nor a name is nobody's, and no store is asked for it. */
const segmentIn = ({ segmentId }: { readonly segmentId: string }): Effect.Effect<string, SegmentNotFound> =>
  isId(segmentId.toLowerCase()) || isName(segmentId)
    ? Effect.succeed(segmentId)
    : Effect.fail(new SegmentNotFound({ segment: segmentId }))

// Nobody belongs to it in the moment in which it is made.
const created = (segment: Segment) => answers.created(segmentView(segment, 0))

/** The endpoints of segments and of who belongs to them: each decodes, calls one use case and answers. */
export const layer = HttpApiBuilder.group(Api, "segments", (handlers) =>
  handlers.handleAll({
    listSegments: () => answering(Effect.map(Segments.list(), answers.listed)),
    createSegment: ({ headers, payload, request }) =>
      answering(
        Effect.gen(function* () {
          const once = yield* onceOf(request, headers["idempotency-key"], created)
          return respond(answers.created(yield* Segments.create(payload, once)))
        })
      ),
    readSegment: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          return answers.read(yield* Segments.get(yield* segmentIn(params)), headers["if-none-match"])
        })
      ),
    changeSegment: ({ headers, params, payload }) =>
      answering(
        Effect.gen(function* () {
          const expected = expectedVersion(headers["if-match"])
          return answers.written(yield* Segments.update(yield* segmentIn(params), payload, expected))
        })
      ),
    removeSegment: ({ headers, params }) =>
      answering(
        Effect.gen(function* () {
          const expected = expectedVersion(headers["if-match"])
          return answers.written(yield* Segments.remove(yield* segmentIn(params), expected), 202)
        })
      ),
    previewRule: ({ payload }) => answering(Effect.map(Segments.preview(payload.rule), answers.previewed)),
    listSegmentMembers: ({ params, query: { cursor, limit = 50 } }) =>
      answering(
        Effect.gen(function* () {
          const after = cursor === undefined ? undefined : yield* readCursor(cursor)
          return answers.memberPage(yield* Segments.members(yield* segmentIn(params), { limit, after }))
        })
      ),
    listMemberships: ({ params }) =>
      answering(
        Effect.gen(function* () {
          return answers.memberships(yield* Memberships.of(yield* Customers.resolve(params.customerId)))
        })
      ),
    decideMembership: ({ headers, params, payload }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          const expected = expectedVersion(headers["if-match"])
          const { customer, memberships } = yield* Memberships.except(id, params.segmentId, payload, expected)
          return answers.memberships(memberships, customer)
        })
      ),
    explainMembership: ({ params }) =>
      answering(
        Effect.gen(function* () {
          const id = yield* Customers.resolve(params.customerId)
          return answers.explained(yield* Memberships.explain(id, params.segmentId))
        })
      )
  })
)
