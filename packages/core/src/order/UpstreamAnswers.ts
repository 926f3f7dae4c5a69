import { Clock, Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"

/** The last answers are not to be had. */
export class AnswersUnavailable extends Schema.TaggedError<AnswersUnavailable>()("AnswersUnavailable", {}) {}

/** Which service an answer came from. */
export type Upstream = "orders" | "loyalty"

/** What a service answered, as JSON text, and when. */
export interface UpstreamAnswer {
  readonly json: string
  readonly asOf: DateTime.Utc
}

/**
 * The last good answers of the services that this one asks, for when they do not answer. They can be lost at any time.
 *
 * MUSTs, each with a contract test of the same wording:
 * - get gives the answer that was put last
 * - an older answer does not replace a newer one
 * - answers of two services and of two customers are kept apart
 * - forget leaves no answer of the customer
 */
export class UpstreamAnswers extends Context.Service<
  UpstreamAnswers,
  {
    readonly get: (
      upstream: Upstream,
      id: CustomerId
    ) => Effect.Effect<Option.Option<UpstreamAnswer>, AnswersUnavailable>
    readonly put: (
      upstream: Upstream,
      id: CustomerId,
      answer: UpstreamAnswer
    ) => Effect.Effect<void, AnswersUnavailable>
    /** Answers how many answers there were. */
    readonly forget: (id: CustomerId) => Effect.Effect<number, AnswersUnavailable>
  }
>()("@customer-service/core/UpstreamAnswers") {}

/** How many answers {@link layerMemory} keeps, and for how long (milliseconds). */
export interface AnswerLimits {
  readonly capacity: number
  readonly timeToLive: number
}

const week = 7 * 24 * 3_600_000

/** The last answers in this process's memory; past the capacity those put longest ago go first. */
export const layerMemory = ({ capacity, timeToLive }: AnswerLimits = { capacity: 10_000, timeToLive: week }) =>
  Layer.effect(
    UpstreamAnswers,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const answers = new Map<string, UpstreamAnswer & { readonly expiresAt: number }>()
      const keyOf = (upstream: Upstream, id: CustomerId) => `${upstream}:${id}`

      const present = (key: string) => {
        const answer = answers.get(key)
        return answer === undefined || answer.expiresAt <= clock.currentTimeMillisUnsafe() ? undefined : answer
      }

      const keep = (key: string, answer: UpstreamAnswer): void => {
        answers.delete(key)
        answers.set(key, { ...answer, expiresAt: clock.currentTimeMillisUnsafe() + timeToLive })
        const oldest = answers.size > capacity ? answers.keys().next().value : undefined
        if (oldest !== undefined) answers.delete(oldest)
      }

      return UpstreamAnswers.of({
        get: (upstream, id) =>
          Effect.sync(() =>
            Option.map(Option.fromNullishOr(present(keyOf(upstream, id))), ({ asOf, json }) => ({ asOf, json }))
          ),
        put: (upstream, id, answer) =>
          Effect.sync(() => {
            const key = keyOf(upstream, id)
            const before = present(key)
            const isNewer = before === undefined || before.asOf.epochMilliseconds <= answer.asOf.epochMilliseconds
            if (isNewer) keep(key, answer)
          }),
        forget: (id) =>
          Effect.sync(
            () => (["orders", "loyalty"] as const).filter((upstream) => answers.delete(keyOf(upstream, id))).length
          )
      })
    })
  )
