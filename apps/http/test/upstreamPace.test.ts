import { afterAll, expect, test } from "vitest"
import { createCustomer, type Known } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import { median, slowestOfHundred } from "./support/readPace.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import type { Service } from "./support/service.ts"
import { startProcess } from "./support/serviceProcess.ts"
import { serviceToken } from "./support/tokens.ts"
import { startUpstreams, troubles, type Upstreams } from "./support/upstreams.ts"

const [database, redisUrl, token] = [await freshDatabase(), await freshRedis(), await serviceToken()]
afterAll(database.drop)

/** A service as a process of its own, whose order service is in this trouble. */
const startBeside = async (trouble: (upstreams: Upstreams) => unknown): Promise<Service> => {
  const upstreams = await startUpstreams()
  afterAll(upstreams.die)
  await trouble(upstreams)
  const { url: ORDER_SERVICE_URL } = upstreams
  const service = await startProcess({ DATABASE_URL: database.url, REDIS_URL: redisUrl, ORDER_SERVICE_URL })
  afterAll(service.stop)
  return service
}

// What the first compiles the others find compiled.
const well = await startBeside(() => {})
const ill = await Promise.all(Object.values(troubles).map((trouble) => startBeside(trouble)))
const services = [well, ...ill]

/** A window of reads, and of the questions for the orders that go with them. */
const [reads, summaries] = [
  { everyMillis: 4, count: 100 },
  { everyMillis: 40, count: 10 }
] as const

const get = (service: Service, path: string) => async () =>
  expect((await service.send("GET", path, { token })).status).toBe(200)

/** How slow reads of a customer are while her orders are asked for as well. */
const slowestRead = async (service: Service, { path }: Known): Promise<number> => {
  const asking = slowestOfHundred(get(service, `${path}/orders/summary`), summaries)
  const slowest = await slowestOfHundred(get(service, path), reads)
  await asking
  return slowest
}

/** How many times as slow each service in trouble is as the other, at the same time. */
const slowdowns = async (customer: Known): Promise<ReadonlyArray<number>> => {
  const [normal = 0, ...others] = await Promise.all(services.map((service) => slowestRead(service, customer)))
  return others.map((other) => other / normal)
}

/** The worst service's slowdown, in the middle of all windows. */
const worstOf = (windows: ReadonlyArray<ReadonlyArray<number>>): number =>
  Math.max(...ill.map((_, index) => median(windows.map((slower) => slower[index] ?? 0))))

test("reads of customers keep their pace while the order service is late, failing or dead", async () => {
  const customer = await createCustomer(well)
  await slowdowns(customer)
  const windows = [await slowdowns(customer)]
  // On a machine that is busy with something else it takes more of them to tell.
  while (windows.length < 9 || (windows.length < 27 && worstOf(windows) >= 1.5)) windows.push(await slowdowns(customer))
  expect(worstOf(windows)).toBeLessThan(1.5)
}, 60_000)
