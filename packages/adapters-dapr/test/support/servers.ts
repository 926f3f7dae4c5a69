import {
  daprdPatience,
  type DaprdOptions,
  prepareDaprd,
  type RedisOptions,
  type Sidecar,
  startDaprd,
  startRedis
} from "@customer-service/test-servers"
import { Effect, Schedule } from "effect"
import { Redis } from "ioredis"
import { beforeAll, inject } from "vitest"
import "@customer-service/test-servers/global-setup"

/** The address of a database of the shared Redis that the running test file has to itself. */
export const sharedRedis = (): string => {
  const url = new URL(inject("redisUrl"))
  url.pathname = `/${1 + (Number(process.env["VITEST_POOL_ID"] ?? 0) % 15)}`
  return url.href
}

/** The sidecar may have to be built first; other limits of time are not meant for that. */
export const needsSidecar = (): void => {
  beforeAll(() => prepareDaprd(), daprdPatience)
}

/** A Redis to stop and to freeze. */
export const privateRedis = (options: RedisOptions = {}) =>
  Effect.acquireRelease(
    Effect.promise(() => startRedis(options)),
    (server) => Effect.promise(() => server.destroy())
  )

export const sidecar = (options: DaprdOptions) =>
  Effect.acquireRelease(
    Effect.promise(() => startDaprd(options)),
    (server) => Effect.promise(() => server.destroy())
  )

const answers = ({ url }: Sidecar): Promise<boolean> =>
  fetch(`${url}/v1.0/healthz`, { signal: AbortSignal.timeout(100) }).then(
    () => true,
    () => false
  )

/** Runs an effect while the sidecar is frozen: it takes a moment for all of its threads to stand still. */
export const whileFrozen =
  (server: Sidecar) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      Effect.andThen(
        Effect.promise(server.pause),
        Effect.repeat(
          Effect.promise(() => answers(server)),
          { until: (does) => !does }
        )
      ),
      () => effect,
      () => Effect.promise(server.resume)
    )

/** A client to look at what stands in Redis, and to meddle with it. */
export const clientOf = (url: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new Redis(url, { maxRetriesPerRequest: 0 }).on("error", () => {})),
    (client) => Effect.sync(() => client.disconnect())
  )

/** Looks until it is so. */
export const until = (isSo: () => boolean) =>
  Effect.repeat(Effect.sync(isSo), { until: (so) => so, schedule: Schedule.spaced("10 millis") })
