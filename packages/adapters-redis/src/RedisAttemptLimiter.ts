import { AttemptLimiter } from "@customer-service/core"
import { Clock, Effect, Layer } from "effect"
import type { Result } from "ioredis"
import { RedisConnection } from "./RedisConnection.ts"

const keyOf = (key: string): string => `customers:attempts:${key}`

// A count is one value, "<attempts taken> <until when it counts, in milliseconds>". The time is that of the process which
// asks, as for the limits on requests. KEYS: the count. ARGV: the time, the limit, the milliseconds of the window and
// those of the penalty, 0 for none. Answers "<1 if it may be made, else 0> <milliseconds until the count ends>".
const take = `
local now, most, window, penalty = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local taken, ends = 0, now + window
local t, e = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
if t and tonumber(e) > now then taken, ends = tonumber(t), tonumber(e) end
if taken >= most then return '0 ' .. string.format('%.0f', ends - now) end
taken = taken + 1
if taken == most and penalty > 0 then ends = now + penalty end
redis.call('SET', KEYS[1], taken .. ' ' .. string.format('%.0f', ends), 'PX', string.format('%.0f', ends - now))
return '1 ' .. string.format('%.0f', ends - now)`

// KEYS: the count.
const giveBack = `
local taken, ends = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
if taken and tonumber(taken) > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f', taken - 1) .. ' ' .. ends, 'KEEPTTL')
end
return 1`

declare module "ioredis" {
  interface RedisCommander<Context> {
    takeAttempt(key: string, now: number, most: number, window: number, penalty: number): Result<string, Context>
    giveBackAttempt(key: string): Result<number, Context>
  }
}

const stateOf = (answer: string): AttemptLimiter.AttemptState => {
  const [allowed, millis] = answer.split(" ")
  return { allowed: allowed === "1", retryAfterSeconds: Math.max(1, Math.ceil(Number(millis) / 1000)) }
}

const make = Effect.gen(function* () {
  const { client, run } = yield* RedisConnection
  const clock = yield* Clock.Clock
  const fallback = yield* AttemptLimiter.AttemptLimiter
  client.defineCommand("takeAttempt", { lua: take, numberOfKeys: 1 })
  client.defineCommand("giveBackAttempt", { lua: giveBack, numberOfKeys: 1 })

  const counted = (key: string, { most, penaltySeconds = 0, windowSeconds }: AttemptLimiter.AttemptLimit) =>
    run("takeAttempt", (redis) =>
      redis.takeAttempt(keyOf(key), clock.currentTimeMillisUnsafe(), most, windowSeconds * 1000, penaltySeconds * 1000)
    )

  return AttemptLimiter.AttemptLimiter.of({
    take: (key, limit) =>
      Effect.matchEffect(counted(key, limit), {
        onSuccess: (answer) => Effect.succeed(stateOf(answer)),
        onFailure: () => fallback.take(key, limit)
      }),
    giveBack: (key) =>
      Effect.catch(Effect.asVoid(run("giveBackAttempt", (redis) => redis.giveBackAttempt(keyOf(key)))), () =>
        fallback.giveBack(key)
      ),
    // What was counted meanwhile without Redis is to be forgotten too.
    forget: (key) =>
      Effect.andThen(fallback.forget(key), Effect.ignore(run("UNLINK", (redis) => redis.unlink(keyOf(key)))))
  })
})

/** Attempts counted in Redis for all processes together; while it does not answer, each process counts for itself. */
export const layer: Layer.Layer<AttemptLimiter.AttemptLimiter, never, RedisConnection> = Layer.effect(
  AttemptLimiter.AttemptLimiter,
  make
).pipe(Layer.provide(AttemptLimiter.layerMemory))
