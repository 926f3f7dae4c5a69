import { type Server, startPostgres } from "@customer-service/test-servers"
import { randomUUID } from "node:crypto"
import { afterAll, expect, test, vi } from "vitest"
import { type Bus, startBus, startOnBus } from "./support/busScene.ts"
import { besideReviews } from "./support/database.ts"
import { ledgerOf } from "./support/eventLedger.ts"
import { inLanes } from "./support/lanes.ts"
import { published } from "./support/publishedEvents.ts"
import { makeRandom } from "./support/random.ts"
import type { ServiceProcess } from "./support/serviceProcess.ts"
import { serviceToken } from "./support/tokens.ts"
import { migrated } from "./support/ownDatabase.ts"

/** The long form: 2,000 customers and sixty kills. */
const isLong = process.env["CRASH_MATRIX"] === "long"
const size = isLong ? { customers: 2000, kills: 60 } : { customers: 160, kills: 8 }
const changesEach = 3
const seed = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000)
const random = makeRandom(seed)

const token = await serviceToken()

interface Scene {
  readonly postgres: Server
  readonly bus: Bus
  readonly variables: Readonly<Record<string, string>>
  service: ServiceProcess
}

const setScene = async (): Promise<Scene> => {
  const [postgres, bus] = [await startPostgres({ durable: true }), await startBus("always")]
  await migrated(postgres.url)
  const variables = { DATABASE_URL: postgres.url, REDIS_URL: bus.redis.url, LOG_LEVEL: "error" }
  return { postgres, bus, variables, service: await startOnBus(bus, variables) }
}

const scene = await setScene()

afterAll(async () => {
  scene.service.kill("SIGKILL")
  await scene.service.exited
  await scene.bus.destroy()
  await scene.postgres.destroy()
})

/** What the client saw. */
const seen = { acknowledged: 0, refused: 0, staleReads: 0 }

/** Sends until it is answered with success, as a client does that must not lose anything; answers the version. */
const insist = async (method: string, path: string, body: object | undefined, key: string) => {
  while (true) {
    const answer = await scene.service
      .send(method, path, { token, headers: { "idempotency-key": key }, ...(body === undefined ? {} : { body }) })
      .catch(() => undefined)
    if (answer !== undefined && answer.status < 300) return answer
    seen.refused += 1
    await vi.waitUntil(
      () =>
        scene.service.send("GET", "/health/live").then(
          () => true,
          () => false
        ),
      60_000
    )
  }
}

const versionOf = (answer: { readonly headers: Headers }): number =>
  Number((answer.headers.get("etag") ?? "").replaceAll('"', ""))

interface Told {
  readonly path: string
  readonly version: number
}

/** Nothing that is read after an answer may be older than what was answered. */
const readBack = async ({ path, version }: Told): Promise<void> => {
  if (versionOf(await insist("GET", path, undefined, "")) < version) seen.staleReads += 1
}

/** One customer's life: created and changed, each step insisted on and read back. */
const live = async (index: number): Promise<Told> => {
  const body = { email: `crash.${seed}.${index}@example.com`, profile: { firstName: "Ada" } }
  const created = await insist("POST", "/v1/customers", body, randomUUID())
  seen.acknowledged += 1
  const path = created.headers.get("location") ?? ""
  let told: Told = { path, version: versionOf(created) }
  for (let change = 1; change <= changesEach; change += 1) {
    await readBack(told)
    const changed = await insist("PUT", path, { profile: { firstName: `Ada ${change}` } }, randomUUID())
    seen.acknowledged += 1
    told = { path, version: versionOf(changed) }
  }
  return told
}

const liveAll = async (): Promise<ReadonlyArray<Told>> => {
  const told: Array<Told> = []
  const all = Array.from({ length: size.customers }, (_, index) => index)
  await inLanes(all, 16, async (index) => told.push(await live(index)))
  return told
}

const victims = {
  service: async () => {
    scene.service.kill("SIGKILL")
    await scene.service.exited
    scene.service = await startOnBus(scene.bus, scene.variables)
  },
  sidecar: async () => {
    await scene.bus.sidecar.kill()
    await scene.bus.sidecar.start()
  },
  redis: async () => {
    await scene.bus.redis.kill()
    await scene.bus.redis.start()
  },
  postgres: async () => {
    await scene.postgres.kill()
    await scene.postgres.start()
  }
}

const kinds = ["service", "sidecar", "redis", "postgres"] as const

/** Kills one after the other, each as the work has come to a moment of chance. */
const killAll = async (): Promise<void> => {
  const writes = size.customers * (changesEach + 1)
  const moments = Array.from({ length: size.kills }, () => random.below(Math.floor(writes * 0.95))).toSorted(
    (a, b) => a - b
  )
  for (const [index, moment] of moments.entries()) {
    await vi.waitUntil(() => seen.acknowledged >= moment, { timeout: 600_000, interval: 1 })
    const victim = kinds[(index + seed) % kinds.length] ?? "service"
    await victims[victim]()
  }
}

/** What is still to be looked at, or to be told. */
const underWay = `SELECT FROM outbox_events WHERE published_at IS NULL
  UNION ALL SELECT FROM customer_segment_reviews WHERE due_at <= now() LIMIT 1`

test(
  "kill -9 of every part at random moments loses nothing, disorders nothing and shows nothing old",
  async () => {
    const { rows } = await migrated(scene.postgres.url)
    const [told] = await Promise.all([liveAll(), killAll()])
    await vi.waitUntil(async () => (await rows(underWay)).length === 0, { timeout: 120_000, interval: 200 })
    const events = await published(scene.bus.redis.url)
    const { committed: _, duplicates, ...ledger } = await ledgerOf({ rows }, events)
    const written = await rows(`SELECT FROM outbox_events WHERE ${besideReviews}`)
    await Promise.all(told.map(readBack))
    const outcome = {
      ...ledger,
      missingVersions: told.reduce((sum, { version }) => sum + version, 0) - written.length,
      staleReads: seen.staleReads,
      dead: (await rows("SELECT 1 FROM outbox_refusals WHERE dead_at IS NOT NULL")).length
    }
    process.stderr.write(
      `crash matrix, seed ${seed}: ${size.kills} kills, ${seen.acknowledged} changes (${seen.refused} refused and tried again), ` +
        `${events.length} events on the topics, ${duplicates} duplicates, ` +
        `${outcome.losses} losses, ${outcome.staleReads} stale reads\n`
    )
    expect(outcome).toEqual({
      losses: 0,
      uncommitted: 0,
      outOfOrder: [],
      missingVersions: 0,
      staleReads: 0,
      dead: 0
    })
  },
  isLong ? 1_800_000 : 180_000
)
