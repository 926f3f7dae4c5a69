import { Array, Context, Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { Redis } from "ioredis"
import { clientOf, sharedRedis } from "./servers.ts"

/** Looks at the shared Redis past the adapters. */
export class Observer extends Context.Service<Observer, Redis>()("test/Observer") {
  static readonly layer = Layer.effect(
    Observer,
    Effect.suspend(() => clientOf(sharedRedis()))
  )
}

export const ask = <A>(question: (redis: Redis) => Promise<A>) =>
  Effect.flatMap(Observer, (redis) => Effect.promise(() => question(redis)))

const shorten = async (redis: Redis, key: string, millis: number): Promise<void> => {
  const left = await redis.pttl(key)
  if (left > millis) await redis.pexpire(key, left - millis)
  else if (left >= 0) await redis.del(key)
}

/** Lets time pass for these keys, as if the server's clock had gone on, and for the test. */
export const advance = (pattern: string) => (duration: Duration.Input) =>
  Effect.andThen(
    ask(async (redis) => {
      const keys = await redis.keys(pattern)
      await Promise.all(Array.map(keys, (key) => shorten(redis, key, Duration.toMillis(duration))))
    }),
    TestClock.adjust(duration)
  )
