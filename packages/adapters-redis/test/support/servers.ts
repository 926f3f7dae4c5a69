import { startRedis } from "@customer-service/test-servers"
import { Effect, Layer, Redacted } from "effect"
import { Redis } from "ioredis"
import { inject } from "vitest"
import "@customer-service/test-servers/global-setup"
import * as RedisConnection from "../../src/RedisConnection.ts"

// Redis has 16 databases; the first is left to others. Files that run at the same time have different workers.
const databaseNumber = (): number => 1 + (Number(process.env["VITEST_POOL_ID"] ?? 0) % 15)

/** The address of a database of the shared Redis that the running test file has to itself. */
export const sharedRedis = (): string => {
  const url = new URL(inject("redisUrl"))
  url.pathname = `/${databaseNumber()}`
  return url.href
}

export const connectionTo = (url: string) => RedisConnection.layer(Redacted.make(url))

/** The service's connection to the database of this test file. */
export const shared = Layer.suspend(() => connectionTo(sharedRedis()))

/** A Redis to stop and to freeze. */
export const privateRedis = Effect.acquireRelease(
  Effect.promise(() => startRedis()),
  (server) => Effect.promise(() => server.destroy())
)

/** A client to look at what stands in Redis, and to meddle with it. */
export const clientOf = (url: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new Redis(url, { maxRetriesPerRequest: 0 }).on("error", () => {})),
    (client) => Effect.sync(() => client.disconnect())
  )
