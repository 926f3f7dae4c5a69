import { RateLimiter } from "@customer-service/core"
import { Clock, Context, Effect, Layer } from "effect"
import type { Result } from "ioredis"
import { RedisConnection, RedisUnavailable } from "./RedisConnection.ts"

// Counts calls and reads values, many of each, in one round trip. A caller's count is one value, "<window> <count>
// <count of the window before>"; it is weighed as `assess` in the core does, which turns counts into what callers
// are told. KEYS: the callers, then the values to read. ARGV: window, elapsed and width in milliseconds, the
// number of callers, each caller's limit, then for each value the milliseconds that it lives from now on, 0 where
// reading changes nothing. A process whose clock is behind another's counts in the window that the other is in. Answers
// "<count> <count before>" for each caller and the value, or nothing, for each key.
const script = `
local window, elapsed, width, callers = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local answers = {}
for i = 1, callers do
  local bucket, current, previous = window, 0, 0
  local value = redis.call('GET', KEYS[i])
  if value then
    local w, c, p = string.match(value, '(%d+) (%d+) (%d+)')
    w = tonumber(w)
    if w >= window then bucket, current, previous = w, tonumber(c), tonumber(p)
    elseif w == window - 1 then previous = tonumber(c) end
  end
  if current + previous * (1 - elapsed / width) + 1 <= tonumber(ARGV[i + 4]) then
    redis.call('SET', KEYS[i], bucket .. ' ' .. (current + 1) .. ' ' .. previous, 'PX', 2 * width)
  end
  answers[i] = current .. ' ' .. previous
end
for i = callers + 1, #KEYS do
  local life = ARGV[i + 4]
  if life == '0' then answers[i] = redis.call('GET', KEYS[i]) or ''
  else answers[i] = redis.call('GETEX', KEYS[i], 'PX', life) or '' end
end
return answers`

declare module "ioredis" {
  interface RedisCommander<Context> {
    countAndRead(numberOfKeys: number, ...keysThenArguments: Array<string | number>): Result<Array<string>, Context>
  }
}

/** How many calls share one round trip at most: Redis answers nobody else while the script runs. */
const mostTogether = 64

interface Caller {
  readonly key: string
  readonly limit: number
  readonly resume: (answer: Effect.Effect<RateLimiter.RateLimitState, RedisUnavailable>) => void
}

interface Reader {
  readonly key: string
  readonly lifeMillis: number
  readonly resume: (answer: Effect.Effect<string, RedisUnavailable>) => void
}

/** Counting a call and reading a value, the two things that every hot read asks of Redis. */
export class RedisReads extends Context.Service<
  RedisReads,
  {
    readonly count: (key: string, limit: number) => Effect.Effect<RateLimiter.RateLimitState, RedisUnavailable>
    /**
     * The value of a key; empty text where there is none. With `lifeMillis` it lives so long from now on, else as long
     * as it would have.
     */
    readonly get: (key: string, lifeMillis?: number) => Effect.Effect<string, RedisUnavailable>
  }
>()("@customer-service/adapters-redis/RedisReads") {}

const unavailable = Effect.fail(new RedisUnavailable({ command: "countAndRead" }))

const make = Effect.gen(function* () {
  const { client } = yield* RedisConnection
  const clock = yield* Clock.Clock
  const width = RateLimiter.windowMillis
  client.defineCommand("countAndRead", { lua: script })

  let callers: Array<Caller> = []
  let readers: Array<Reader> = []

  const answerAll =
    (asked: ReadonlyArray<Caller>, read: ReadonlyArray<Reader>, elapsed: number) => (answers: Array<string>) => {
      asked.forEach(({ limit, resume }, index) => {
        const [current, previous] = (answers[index] ?? "0 0").split(" ")
        resume(Effect.succeed(RateLimiter.assess(Number(current), Number(previous), elapsed, limit)))
      })
      read.forEach(({ resume }, index) => resume(Effect.succeed(answers[asked.length + index] ?? "")))
    }

  const send = (asked: ReadonlyArray<Caller>, read: ReadonlyArray<Reader>) => {
    const now = clock.currentTimeMillisUnsafe()
    const elapsed = now % width
    const keys = [...asked.map(({ key }) => key), ...read.map(({ key }) => key)]
    const limits = asked.map(({ limit }) => limit)
    const lives = read.map(({ lifeMillis }) => lifeMillis)
    client
      .countAndRead(keys.length, ...keys, Math.floor(now / width), elapsed, width, asked.length, ...limits, ...lives)
      .then(answerAll(asked, read, elapsed), () => {
        for (const { resume } of asked) resume(unavailable)
        for (const { resume } of read) resume(unavailable)
      })
  }

  const flush = () => {
    const [asked, read] = [callers, readers]
    callers = []
    readers = []
    for (let from = 0; from < Math.max(asked.length, read.length); from += mostTogether) {
      send(asked.slice(from, from + mostTogether), read.slice(from, from + mostTogether))
    }
  }

  /** What one turn of the event loop asks for is sent when the turn ends. */
  const joinTurn = () => {
    if (callers.length + readers.length === 0) setImmediate(flush)
  }

  return RedisReads.of({
    count: (key, limit) =>
      Effect.callback((resume) => {
        joinTurn()
        callers.push({ key, limit, resume })
      }),
    get: (key, lifeMillis = 0) =>
      Effect.callback((resume) => {
        joinTurn()
        readers.push({ key, lifeMillis, resume })
      })
  })
})

/** Reads over the shared connection; what is asked for together travels together. */
export const layer: Layer.Layer<RedisReads, never, RedisConnection> = Layer.effect(RedisReads, make)
