import { Clock, Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"

/** The last answers are not to be had. */
export class AnswersUnavailable extends Schema.TaggedError<AnswersUnavailable>()("AnswersUnavailable", {}) {}

/** The services that are asked. */
export const upstreams = ["orders", "loyalty"] as const

/** Which service an answer came from. */
export type Upstream = (typeof upstreams)[number]

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
 * - forget leaves no answer of the customer, and none that was under way then comes back
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

/** For so many milliseconds nothing is kept of a customer who was forgotten: whoever asked before has an answer by then. */
export const forgottenMillis = 60_000

/** How many answers {@link layerMemory} keeps, and for how long (milliseconds). */
export interface AnswerLimits {
  readonly capacity: number
  readonly timeToLive: number
}

/** What stands under a key; no answer where the customer was forgotten. */
interface Entry {
  readonly answer: UpstreamAnswer | undefined
  readonly expiresAt: number
}

const week = 7 * 24 * 3_600_000

/** The last answers in this process's memory; past the capacity those put longest ago go first. */
export const layerMemory = ({ capacity, timeToLive }: AnswerLimits = { capacity: 10_000, timeToLive: week }) =>
  Layer.effect(
    UpstreamAnswers,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const entries = new Map<string, Entry>()
      const keyOf = (upstream: Upstream, id: CustomerId) => `${upstream}:${id}`

      const present = (key: string) => {
        const entry = entries.get(key)
        return entry === undefined || entry.expiresAt <= clock.currentTimeMillisUnsafe() ? undefined : entry
      }

      const keep = (key: string, answer: UpstreamAnswer | undefined, life: number): void => {
        entries.delete(key)
        entries.set(key, { answer, expiresAt: clock.currentTimeMillisUnsafe() + life })
        const oldest = entries.size > capacity ? entries.keys().next().value : undefined
        if (oldest !== undefined) entries.delete(oldest)
      }

      const isWanted = (answer: UpstreamAnswer, before: Entry | undefined): boolean =>
        before === undefined ||
        (before.answer !== undefined && before.answer.asOf.epochMilliseconds <= answer.asOf.epochMilliseconds)

      /** Whether there was an answer. */
      const forget = (key: string): boolean => {
        const held = present(key)?.answer !== undefined
        keep(key, undefined, forgottenMillis)
        return held
      }

      return UpstreamAnswers.of({
        get: (upstream, id) => Effect.sync(() => Option.fromUndefinedOr(present(keyOf(upstream, id))?.answer)),
        put: (upstream, id, answer) =>
          Effect.sync(() => {
            const key = keyOf(upstream, id)
            if (isWanted(answer, present(key))) keep(key, answer, timeToLive)
          }),
        forget: (id) => Effect.sync(() => upstreams.filter((upstream) => forget(keyOf(upstream, id))).length)
      })
    })
  )
