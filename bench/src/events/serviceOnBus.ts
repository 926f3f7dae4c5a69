import { readFile } from "node:fs/promises"
import { randomBytes } from "node:crypto"
import { prepareDaprd, type Sidecar, startDaprd, startRedis } from "@customer-service/test-servers"
import { Redis } from "ioredis"
import type { Bench } from "../scenarios/Bench.ts"
import { createDatabase } from "../seed.ts"
import { freePort, type Service, startService } from "../services.ts"
import { using } from "../using.ts"

/** Our service on a bus and a database of its own. */
export interface ServiceOnBus {
  readonly service: Service
  readonly databaseUrl: string
  readonly sidecar: Sidecar
  /** The token that the sidecar shows to the service. */
  readonly appToken: string
  /** The Redis in which the topics are streams. */
  readonly bus: Redis
}

export interface ServiceOnBusPlan {
  readonly database: string
  readonly customers: number
  /** The number of the Redis database in which the service caches, which no other service may use. */
  readonly cache: number
  /** Whether the sidecar delivers what the service subscribes to. */
  readonly subscribes: boolean
}

const asDeployed = {
  pubsub: {
    maxLenApprox: 100_000,
    processingTimeout: 30_000,
    redeliverInterval: 5000,
    concurrency: 200,
    queueDepth: 200
  },
  resiliency: new URL("../../../deploy/dapr/resiliency.yaml", import.meta.url)
}

const startSidecar = async (redisUrl: string, appPort: number | undefined, appApiToken: string): Promise<Sidecar> =>
  startDaprd({
    redisUrl,
    appApiToken,
    pubsub: asDeployed.pubsub,
    resources: [await readFile(asDeployed.resiliency, "utf8")],
    ...(appPort === undefined ? {} : { appPort })
  })

const cacheUrl = ({ surroundings }: Bench, cache: number): string =>
  new URL(`/${cache}`, surroundings.ours.redisUrl).href

/** Starts a Redis that keeps what it takes, a sidecar as we ship its settings, and our service; ends them all. */
export const onBus = async <A>(
  bench: Bench,
  { cache, customers, database, subscribes }: ServiceOnBusPlan,
  use: (parts: ServiceOnBus) => Promise<A>
): Promise<A> => {
  await prepareDaprd()
  const databaseUrl = await createDatabase(bench.databaseServerUrl, database, customers)
  const port = await freePort()
  const appToken = randomBytes(24).toString("base64url")
  const destroy = (server: { readonly destroy: () => Promise<void> }) => server.destroy()

  const serve = (sidecar: Sidecar) => {
    const settings = { EVENT_BUS: "dapr", DAPR_HTTP_PORT: String(sidecar.httpPort), APP_API_TOKEN: appToken }
    const surroundings = { ...bench.surroundings.ours, databaseUrl, redisUrl: cacheUrl(bench, cache), port, settings }
    return startService("ours", surroundings, bench.profileDirectory)
  }
  return using(startRedis({ appendFsync: "everysec" }), destroy, (redis) =>
    using(startSidecar(redis.url, subscribes ? port : undefined, appToken), destroy, (sidecar) => {
      bench.tell(`${redis.origin}, ${sidecar.origin}`)
      return using(
        serve(sidecar),
        (service) => service.stop(),
        (service) =>
          using(
            Promise.resolve(new Redis(redis.url)),
            (bus) => bus.quit(),
            (bus) => use({ service, databaseUrl, sidecar, appToken, bus })
          )
      )
    })
  )
}
