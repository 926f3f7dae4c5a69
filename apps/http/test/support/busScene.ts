import { type Server, type Sidecar, startDaprd, startRedis } from "@customer-service/test-servers"
import { Redis } from "ioredis"
import { readFile } from "node:fs/promises"
import { afterAll, vi } from "vitest"
import { freshDatabase, type TestDatabase } from "./database.ts"
import { freshRedis } from "./redisDatabase.ts"
import { type Service, startService } from "./service.ts"
import { freePort, type ServiceProcess, startProcess } from "./serviceProcess.ts"

const waiting = "SELECT 1 FROM outbox_events WHERE published_at IS NULL AND dropped_at IS NULL"

/** What the sidecar shows the service, and whoever would pass for it. */
export const appApiToken = "the-sidecar-shows-these-bytes-to-the-service"

/** As `deploy/dapr` has it, but that what failed is tried again while a test still waits. */
const pubsub = { processingTimeout: 2000, redeliverInterval: 500, concurrency: 200, queueDepth: 200 }

const resiliency = new URL("../../../../deploy/dapr/resiliency.yaml", import.meta.url)

/** A Redis, a sidecar on it, and where the service is to listen for the sidecar. */
export interface Bus {
  readonly redis: Server
  readonly sidecar: Sidecar
  /** Variables of a service that publishes on this bus; its cache is elsewhere. */
  readonly variables: Readonly<Record<string, string>>
  /** The port of the one service to which messages are delivered. */
  readonly port: string
  readonly destroy: () => Promise<void>
}

/** Starts a bus of the caller's own; the service is started by the caller, on the bus's port. */
export const startBus = async (appendFsync: "always" | "everysec" = "always"): Promise<Bus> => {
  const redis = await startRedis({ appendFsync })
  const port = await freePort()
  const resources = [await readFile(resiliency, "utf8")]
  const sidecar = await startDaprd({ redisUrl: redis.url, appPort: port, appApiToken, pubsub, resources })
  return {
    redis,
    sidecar,
    variables: { EVENT_BUS: "dapr", DAPR_HTTP_PORT: String(sidecar.httpPort), APP_API_TOKEN: appApiToken },
    port: String(port),
    destroy: async () => {
      await sidecar.destroy()
      await redis.destroy()
    }
  }
}

/** Runs the service as a process of its own on a bus; resolves when it is ready. */
export const startOnBus = (bus: Bus, variables: Readonly<Record<string, string>>): Promise<ServiceProcess> =>
  startProcess({ ...bus.variables, SERVICE_PORT: bus.port, ...variables })

/** Resolves when the sidecar has asked the service what to deliver. */
const untilSubscribed = ({ sidecar }: Bus): Promise<unknown> =>
  vi.waitUntil(async () => (await fetch(`${sidecar.url}/v1.0/healthz`)).ok, { timeout: 60_000, interval: 50 })

/** Resolves when nothing waits to be published. */
export const untilRelayed = ({ rows }: Pick<TestDatabase, "rows">, timeout = 60_000): Promise<unknown> =>
  vi.waitUntil(async () => (await rows(`${waiting} LIMIT 1`)).length === 0, { timeout, interval: 50 })

/** A bus, a database and a service on both that one test file has to itself. */
export interface BusScene {
  readonly bus: Bus
  readonly database: TestDatabase
  readonly service: Service
  /** Starts one more service on the same database and bus; nothing is delivered to it. */
  readonly startAnother: (variables?: Readonly<Record<string, string>>) => Promise<Service>
}

/** Sets the scene for this file, and clears it away after the file's last test. */
export const openBusScene = async (variables: Readonly<Record<string, string>> = {}, bus?: Bus): Promise<BusScene> => {
  const ownBus = bus ?? (await startBus())
  const [database, redisUrl] = [await freshDatabase(), await freshRedis()]
  const running: Array<Service> = []
  const start = async (more: Readonly<Record<string, string>>): Promise<Service> => {
    const places = { DATABASE_URL: database.url, REDIS_URL: redisUrl }
    const service = await startService({ ...places, ...ownBus.variables, ...variables, ...more })
    running.push(service)
    return service
  }
  afterAll(async () => {
    await Promise.all(running.map((service) => service.stop()))
    await ownBus.destroy()
    await database.drop()
  })
  const service = await start({ SERVICE_PORT: ownBus.port })
  await untilSubscribed(ownBus)
  return { bus: ownBus, database, service, startAnother: (more = {}) => start(more) }
}

/** The path at which the sidecar takes messages. */
const publishing = (form: "publish" | "bulk", topic: string): string =>
  form === "bulk" ? `/v1.0-alpha1/publish/bulk/pubsub/${topic}` : `/v1.0/publish/pubsub/${topic}`

const post = async ({ sidecar }: Bus, path: string, body: string): Promise<void> => {
  const headers = { "content-type": "application/json" }
  const answer = await fetch(`${sidecar.url}${path}`, { method: "POST", headers, body })
  if (!answer.ok) throw new Error(`The sidecar answered ${answer.status}: ${await answer.text()}`)
}

/** Publishes a message as another service would; text is sent as it is. */
export const publish = (bus: Bus, topic: string, message: unknown): Promise<void> =>
  post(bus, publishing("publish", topic), typeof message === "string" ? message : JSON.stringify(message))

/** So many messages go to the sidecar in one request. */
const together = 100

/** Publishes many messages, in the order given. */
export const publishAll = async (bus: Bus, topic: string, messages: ReadonlyArray<unknown>): Promise<void> => {
  for (let first = 0; first < messages.length; first += together) {
    const entries = messages
      .slice(first, first + together)
      .map((event, index) => ({ entryId: String(index), event, contentType: "application/json" }))
    await post(bus, publishing("bulk", topic), JSON.stringify(entries))
  }
}

/** How many messages of a topic were delivered and not answered yet, or are still to be delivered. */
const underWay = async (client: Redis, topic: string): Promise<number> => {
  const [group = []] = (await client.xinfo("GROUPS", topic)) as ReadonlyArray<ReadonlyArray<unknown>>
  const fields = new Map(group.map((field, index) => [field, group[index + 1]]))
  return Number(fields.get("pending")) + Number(fields.get("lag"))
}

/** Resolves when everything on a topic was delivered and answered, so that nothing of it comes again. */
export const untilAnswered = async ({ redis }: Bus, topic: string, timeout = 60_000): Promise<void> => {
  const client = new Redis(redis.url)
  try {
    await vi.waitUntil(async () => (await underWay(client, topic)) === 0, { timeout, interval: 50 })
  } finally {
    client.disconnect()
  }
}
