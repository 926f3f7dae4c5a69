import { RedisConnection } from "@customer-service/adapters-redis"
import { Effect, type Redacted } from "effect"
import { hostOf, ok, problem } from "./Check.ts"

const oldestVersion = 7

const versionOf = (info: string): string => /^redis_version:(\S+)/m.exec(info)?.[1] ?? "unknown"

/** Redis, where it is configured: that it answers, and its version. */
export const redisCheck = Effect.fnUntraced(
  function* (url: Redacted.Redacted) {
    const { run } = yield* RedisConnection.RedisConnection
    const version = versionOf(yield* run("INFO", (client) => client.info("server")))
    return Number.parseInt(version, 10) >= oldestVersion
      ? ok("redis", `Redis ${version} at ${hostOf(url)} answers`)
      : problem("redis", `Redis ${version} is too old`, `use version ${oldestVersion} or later`)
  },
  (effect, url) =>
    Effect.catchTag(effect, "RedisUnavailable", () =>
      Effect.succeed(
        problem("redis", `${hostOf(url)} does not answer`, "start it, or correct REDIS_URL and the password in it")
      )
    )
)
