import { type CustomerId, UpstreamAnswers } from "@customer-service/core"
import { DateTime, Effect, Layer, Option } from "effect"
import type { Result } from "ioredis"
import { RedisConnection, type RedisUnavailable } from "./RedisConnection.ts"

export interface AnswerSettings {
  /** Seconds for which an answer is kept. Default: a week. */
  readonly timeToLiveSeconds?: number | undefined
}

const week = 7 * 24 * 3600

const keyOf = (upstream: UpstreamAnswers.Upstream, id: CustomerId): string => `customers:upstream:${upstream}:${id}`

// The time stands first, so that a script can compare it without parsing the JSON.
const textOf = ({ asOf, json }: UpstreamAnswers.UpstreamAnswer): string =>
  `{"asOf":${asOf.epochMilliseconds},"answer":${json}}`

const form = /^\{"asOf":(\d{1,15}),"answer":(.*)\}$/s

const read = (text: string | null): Option.Option<UpstreamAnswers.UpstreamAnswer> => {
  const [, asOf, json] = form.exec(text ?? "") ?? []
  return asOf === undefined || json === undefined
    ? Option.none()
    : Option.some({ asOf: DateTime.makeUnsafe(Number(asOf)), json })
}

/** In the place of an answer after its customer was forgotten. */
const forgotten = "forgotten"

// Puts an answer unless a newer one is there, or its customer was forgotten. KEYS: the answer. ARGV: its time, the value,
// the seconds that it lives.
const put = `
local present = redis.call('GETRANGE', KEYS[1], 0, 32)
if present == '${forgotten}' then return 0 end
local asOf = string.match(present, '^{"asOf":(%d+),')
if asOf and tonumber(asOf) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`

declare module "ioredis" {
  interface RedisCommander<Context> {
    putAnswerIfNewer(key: string, asOf: number, value: string, seconds: number): Result<number, Context>
  }
}

const orUnavailable = <A>(answer: Effect.Effect<A, RedisUnavailable>) =>
  Effect.mapError(answer, () => new UpstreamAnswers.AnswersUnavailable())

const make = ({ timeToLiveSeconds = week }: AnswerSettings) =>
  Effect.gen(function* () {
    const { client, run } = yield* RedisConnection
    client.defineCommand("putAnswerIfNewer", { lua: put, numberOfKeys: 1 })

    const forget = (id: CustomerId): Promise<ReadonlyArray<string | null>> =>
      Promise.all(
        UpstreamAnswers.upstreams.map((upstream) =>
          client.set(keyOf(upstream, id), forgotten, "PX", UpstreamAnswers.forgottenMillis, "GET")
        )
      )

    return UpstreamAnswers.UpstreamAnswers.of({
      get: (upstream, id) => Effect.map(orUnavailable(run("GET", (redis) => redis.get(keyOf(upstream, id)))), read),
      put: (upstream, id, answer) => {
        const [key, asOf] = [keyOf(upstream, id), answer.asOf.epochMilliseconds]
        const putting = run("putAnswerIfNewer", (redis) =>
          redis.putAnswerIfNewer(key, asOf, textOf(answer), timeToLiveSeconds)
        )
        return Effect.asVoid(orUnavailable(putting))
      },
      forget: (id) =>
        Effect.map(
          orUnavailable(run("SET", () => forget(id))),
          (held) => held.filter((text) => Option.isSome(read(text))).length
        )
    })
  })

/** The last answers of other services in Redis, for all processes together: `customers:upstream:{service}:{id}`. */
export const layer = (
  settings: AnswerSettings = {}
): Layer.Layer<UpstreamAnswers.UpstreamAnswers, never, RedisConnection> =>
  Layer.effect(UpstreamAnswers.UpstreamAnswers, make(settings))
