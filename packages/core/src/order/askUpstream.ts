import { DateTime, Effect, Metric, Option, Result, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { UpstreamUnavailable } from "./OrderService.ts"
import { type Upstream, UpstreamAnswers } from "./UpstreamAnswers.ts"

/** How fresh an answer is: just asked for, the last good one, or what this service knows by itself. */
export const Freshness = Schema.Literals(["live", "cached", "derived"]).annotate({
  description: "live: just asked for; cached: the last good answer; derived: what this service knows by itself."
})
export type Freshness = typeof Freshness.Type

/** An answer, how fresh it is, and when it was right. */
export interface Answer<A> {
  readonly value: A
  readonly freshness: Freshness
  readonly asOf: DateTime.Utc
}

const fallbacks = Metric.counter("customer_upstream_fallbacks_total", {
  description: "Times that another service did not answer and something older had to do"
})

/**
 * Asks another service and keeps its answer; where it does not answer, gives the last good answer, and none where
 * there is none.
 */
export const askUpstream = Effect.fnUntraced(function* <A, I, R>(
  upstream: Upstream,
  id: CustomerId,
  schema: Schema.Codec<A, I>,
  question: Effect.Effect<A, UpstreamUnavailable, R>
) {
  const answers = yield* UpstreamAnswers
  const json = Schema.fromJsonString(schema)
  const answered = yield* Effect.result(question)
  if (Result.isSuccess(answered)) {
    const asOf = yield* DateTime.now
    const text = yield* Effect.orDie(Schema.encodeEffect(json)(answered.success))
    yield* Effect.ignore(answers.put(upstream, id, { json: text, asOf }))
    return Option.some<Answer<A>>({ value: answered.success, freshness: "live", asOf })
  }
  yield* Metric.update(fallbacks, 1)
  const kept = yield* Effect.catch(answers.get(upstream, id), () => Effect.succeedNone)
  return Option.flatMap(kept, ({ asOf, json: text }) =>
    Option.map(Schema.decodeOption(json)(text), (value): Answer<A> => ({ value, freshness: "cached", asOf }))
  )
})
