import { RateLimiter } from "@customer-service/core"
import { Clock, Effect, Layer } from "effect"
import type { Result } from "ioredis"
import { RedisConnection } from "./RedisConnection.ts"

// One value a caller, "<window> <count> <count of the window before>": read, weighed and written in one step.
// The weighing is that of `assess` in the core, which turns the counts into what callers are told.
const slidingWindow = `
local limit, window, elapsed, width = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local current, previous = 0, 0
local value = redis.call('GET', KEYS[1])
if value then
  local w, c, p = string.match(value, '(%d+) (%d+) (%d+)')
  w = tonumber(w)
  if w == window then current, previous = tonumber(c), tonumber(p)
  elseif w == window - 1 then previous = tonumber(c) end
end
if current + previous * (1 - elapsed / width) + 1 <= limit then
  redis.call('SET', KEYS[1], window .. ' ' .. (current + 1) .. ' ' .. previous, 'PX', 2 * width)
end
return current .. ' ' .. previous`

declare module "ioredis" {
  interface RedisCommander<Context> {
    slideWindow(key: string, limit: number, window: number, elapsed: number, width: number): Result<string, Context>
  }
}

const make = Effect.gen(function* () {
  const { client, run } = yield* RedisConnection
  const clock = yield* Clock.Clock
  const fallback = yield* RateLimiter.RateLimiter
  const width = RateLimiter.windowMillis
  client.defineCommand("slideWindow", { numberOfKeys: 1, lua: slidingWindow })

  return RateLimiter.RateLimiter.of({
    consume: (key, limit) => {
      const now = clock.currentTimeMillisUnsafe()
      const elapsed = now % width
      const counts = run("slideWindow", (redis) =>
        redis.slideWindow(`customers:limit:${key}`, limit, Math.floor(now / width), elapsed, width)
      )
      return Effect.matchEffect(counts, {
        onFailure: () => fallback.consume(key, limit),
        onSuccess: (text) => {
          const [current, previous] = text.split(" ")
          return Effect.succeed(RateLimiter.assess(Number(current), Number(previous), elapsed, limit))
        }
      })
    }
  })
})

/** Limits counted in Redis for all processes together; while it does not answer, each process counts for itself. */
export const layer: Layer.Layer<RateLimiter.RateLimiter, never, RedisConnection> = Layer.effect(
  RateLimiter.RateLimiter,
  make
).pipe(Layer.provide(RateLimiter.layerMemory))
