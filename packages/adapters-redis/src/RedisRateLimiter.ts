import { RateLimiter } from "@customer-service/core"
import { Effect, Layer } from "effect"
import type { RedisConnection } from "./RedisConnection.ts"
import * as RedisReads from "./RedisReads.ts"

const make = Effect.gen(function* () {
  const reads = yield* RedisReads.RedisReads
  const fallback = yield* RateLimiter.RateLimiter
  return RateLimiter.RateLimiter.of({
    consume: (key, limit) =>
      Effect.catch(reads.count(`customers:limit:${key}`, limit), () => fallback.consume(key, limit))
  })
})

/** Limits counted in Redis for all processes together; while it does not answer, each process counts for itself. */
export const layer: Layer.Layer<RateLimiter.RateLimiter, never, RedisConnection> = Layer.effect(
  RateLimiter.RateLimiter,
  make
).pipe(Layer.provide([RateLimiter.layerMemory, RedisReads.layer]))
