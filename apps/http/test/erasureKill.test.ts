import { generateKeyPairSync } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test, vi } from "vitest"
import { customerIn } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import { dumpDatabase, dumpDirectory, dumpRedis } from "./support/dumps.ts"
import { done, erasureOf, requestErasure } from "./support/erasures.ts"
import { type FullLife, keepingMails, liveFully, useEverything } from "./support/fullLife.ts"
import { isGenuine, publicHalf } from "./support/receipts.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import { type ServiceProcess, startProcess } from "./support/serviceProcess.ts"
import { tracesOf } from "./support/traces.ts"
import { layTripwire } from "./support/tripwire.ts"

/** All moments of an erasure instead of a few: takes minutes. */
const everyMoment = process.env["ERASURE_KILLS"] === "every"
const few = 4

const key = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString()
const database = await freshDatabase()
const redisUrl = await freshRedis()
const directory = await mkdtemp(join(tmpdir(), "customer-service-kill-"))
const line = await layTripwire(database.url)

const processes: Array<ServiceProcess> = []

const start = async (): Promise<ServiceProcess> => {
  const service = await startProcess({
    DATABASE_URL: line.url,
    REDIS_URL: redisUrl,
    RECEIPT_SIGNING_KEY: key,
    ...keepingMails(directory)
  })
  processes.push(service)
  return service
}

afterAll(async () => {
  for (const service of processes) service.kill("SIGKILL")
  await Promise.all(processes.map(({ exited }) => exited))
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

const never = () => line.set(Number.POSITIVE_INFINITY, () => {})

const newLife = async (service: ServiceProcess): Promise<FullLife> => {
  const life = await liveFully(service)
  await useEverything(service, life)
  // The courier has nothing to do with it, and would be counted.
  await vi.waitUntil(async () => (await database.rows("SELECT 1 FROM mail_queue")).length === 0, { timeout: 15_000 })
  return life
}

const databaseTraces = async ({ canary }: FullLife) =>
  tracesOf(canary.traces, await dumpDatabase(database.rows)).toSorted()

/** The same without the request itself, whose words may be new ones already. */
const tracesOfHer = async (life: FullLife) =>
  (await databaseTraces(life)).filter((trace) => !trace.startsWith("database public.erasure_requests"))

const allTraces = async (life: FullLife) => [
  ...(await databaseTraces(life)),
  ...tracesOf(life.canary.traces, [...(await dumpRedis(redisUrl)), ...(await dumpDirectory(directory))])
]

const hasRequest = async ({ id }: FullLife, condition: string): Promise<boolean> =>
  (await database.rows(`SELECT 1 FROM erasure_requests WHERE customer_id = $1 AND ${condition}`, [id])).length > 0

/** Her letter has it planned for later; from the moment that it is to happen at once, it must. */
const wasDecided = (life: FullLife) => hasRequest(life, "(state <> 'planned' OR due_at <= now())")

/** How often an erasure that nobody disturbs says something to the database. */
const lengthOfAnErasure = async (service: ServiceProcess): Promise<number> => {
  const life = await newLife(service)
  never()
  expect((await requestErasure(service, life)).status).toBe(200)
  const length = line.passed()
  expect(await allTraces(life)).toEqual([])
  return length
}

/** Has her erased, and the process killed as it says something to the database for the so many-th time. */
const killIn = async (victim: ServiceProcess, life: FullLife, moment: number): Promise<void> => {
  line.set(moment, () => victim.kill("SIGKILL"))
  await requestErasure(victim, life).catch(() => undefined)
  victim.kill("SIGKILL")
  await victim.exited
  never()
  const working =
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'customer-service' AND datname = current_database()"
  await vi.waitUntil(async () => (await database.rows(working)).length === 0, { timeout: 10_000 })
}

/** Everything of hers is as it was, or nothing is: there is nothing between them. */
const expectOldOrNew = async (life: FullLife, before: ReadonlyArray<string>): Promise<void> => {
  const after = await tracesOfHer(life)
  if (after.length > 0) expect(after).toEqual(before)
}

const goesOn = async (life: FullLife): Promise<ServiceProcess> => {
  // Nobody else takes it up before the time of the one who died is over.
  await database.rows("UPDATE erasure_requests SET lease_until = now() WHERE customer_id = $1 AND state = 'running'", [
    life.id
  ])
  return start()
}

const moments = (length: number): ReadonlyArray<number> => {
  if (everyMoment) return Array.from({ length: length + 1 }, (_, place) => place + 1)
  // One of each quarter, so that no run misses a part.
  return Array.from({ length: few }, (_, part) => 1 + Math.floor(((part + Math.random()) * length) / few))
}

const expectErased = async (service: ServiceProcess, life: FullLife, told: string): Promise<void> => {
  await vi.waitUntil(() => hasRequest(life, "state = 'done'"), { timeout: 15_000 })
  const { receipt } = done(await erasureOf(service, life))
  expect([told, isGenuine(receipt, publicHalf(key)), await allTraces(life)]).toEqual([told, true, []])
  expect(receipt.statement.erased.find(({ place }) => place === "customer_addresses")?.count).toBe(2)
}

const expectUntouched = async (service: ServiceProcess, life: FullLife, told: string): Promise<void> => {
  const seen = await service.send("GET", life.path, { token: life.token })
  expect([told, customerIn(seen).email]).toEqual([told, life.email])
}

test(
  "kill -9 in the middle of an erasure leaves either the old or the new state",
  async () => {
    let service = await start()
    const length = await lengthOfAnErasure(service)
    for (const moment of moments(length)) {
      const life = await newLife(service)
      const before = await tracesOfHer(life)
      await killIn(service, life, moment)
      await expectOldOrNew(life, before)
      const isToHappen = await wasDecided(life)
      service = await goesOn(life)
      const told = `killed as it said something for the ${moment}th time of ${length}`
      await (isToHappen ? expectErased : expectUntouched)(service, life, told)
    }
  },
  everyMoment ? 1_200_000 : 90_000
)
