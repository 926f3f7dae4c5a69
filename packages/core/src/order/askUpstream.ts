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
 * Asks a service whose answers have this schema, and keeps what it says; where it does not answer, gives the last good
 * answer, and none where there is none. Nobody waits for an answer to be kept.
 */
export const askUpstream = <A, I>(service: Upstream, schema: Schema.Codec<A, I>) => {
  const json = Schema.fromJsonString(schema)
  const [encode, decode] = [Schema.encodeSync(json), Schema.decodeOption(json)]
  const fallback = Metric.withAttributes(fallbacks, { service })

  return Effect.fnUntraced(function* <R>(id: CustomerId, question: Effect.Effect<A, UpstreamUnavailable, R>) {
    const answers = yield* UpstreamAnswers
    const answered = yield* Effect.result(question)
    if (Result.isSuccess(answered)) {
      const value = answered.success
      const asOf = yield* DateTime.now
      const keeping = Effect.ignore(answers.put(service, id, { json: encode(value), asOf }))
      yield* Effect.forkDetach(keeping, { startImmediately: true })
      return Option.some<Answer<A>>({ value, freshness: "live", asOf })
    }
    yield* Metric.update(fallback, 1)
    const kept = yield* Effect.catch(answers.get(service, id), () => Effect.succeedNone)
    return Option.flatMap(kept, ({ asOf, json: text }) =>
      Option.map(decode(text), (value): Answer<A> => ({ value, freshness: "cached", asOf }))
    )
  })
}
