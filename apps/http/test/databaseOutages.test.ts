import { randomUUID } from "node:crypto"
import { expect, onTestFinished, test, vi } from "vitest"
import { createCustomer, customerIn, customersIn, type Known } from "./support/customers.ts"
import { emptyDatabase, freshDatabase, type TestDatabase } from "./support/database.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import { newEmail } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import {
  runService,
  type ServiceProcess,
  startProcess,
  untilLive,
  untilReady,
  withSecret
} from "./support/serviceProcess.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"
import { layWire } from "./support/wire.ts"

const redisUrl = await freshRedis()
const [token, staff] = [await serviceToken(), await staffToken()]

const dropLater = (database: TestDatabase): TestDatabase => {
  onTestFinished(database.drop)
  return database
}

const stopLater = (service: ServiceProcess): ServiceProcess => {
  onTestFinished(service.stop)
  return service
}

const readiness = async (service: Service): Promise<readonly [number, unknown]> => {
  const { body, status } = await service.send("GET", "/health/ready")
  return [status, body]
}

const create = (service: Service) => service.send("POST", "/v1/customers", { token, body: { email: newEmail() } })

const timesIn = (text: string, part: string): number => text.split(part).length - 1

/** A 503 in the envelope that says when to come back, within this many milliseconds. */
const isUnavailable = async (asked: Promise<Answer>, within: number): Promise<void> => {
  const started = performance.now()
  const answer = await asked
  expect(refusalIn(answer)).toEqual(refusal(503, "SERVICE_UNAVAILABLE"))
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(performance.now() - started).toBeLessThan(within)
}

/** Whoever asks, everything that needs the database is unavailable; what is cached is there. */
const isDegraded = async (service: Service, cached: Known, changing: Known): Promise<void> => {
  await isUnavailable(create(service), 4000)
  await isUnavailable(service.send("GET", `/v1/customers/${randomUUID()}`, { token }), 4000)
  await isUnavailable(service.send("PUT", changing.path, { token, body: { profile: { firstName: "Eve" } } }), 4000)
  await isUnavailable(service.send("GET", "/v1/customers", { token: staff }), 4000)
  expect(customerIn(await service.send("GET", cached.path, { token })).id).toBe(cached.id)
  expect((await service.send("GET", "/health/live")).status).toBe(200)
  expect(await readiness(service)).toEqual([503, { ready: false, dependencies: { database: "down", redis: "up" } }])
}

test("a database that is down at the start is waited for, and migrated once it is there", async () => {
  const database = dropLater(await emptyDatabase())
  const wire = await layWire(database.url)
  await wire.cut()
  const service = stopLater(await runService({ ...withSecret, DATABASE_URL: wire.url, REDIS_URL: redisUrl }))
  await untilLive(service)
  expect(await readiness(service)).toEqual([503, { ready: false, dependencies: { database: "down", redis: "up" } }])
  await isUnavailable(create(service), 4000)
  await wire.mend()
  await untilReady(service)
  expect((await create(service)).status).toBe(201)
  expect(await database.rows("SELECT 1 FROM customers")).toHaveLength(1)
  expect(service.output()).toContain("Migrations applied")
})

test("however long it is waited for, the log says so once", async () => {
  const database = dropLater(await emptyDatabase())
  const wire = await layWire(database.url)
  wire.drop()
  const service = stopLater(await runService({ ...withSecret, DATABASE_URL: wire.url }))
  await vi.waitUntil(() => wire.calls() >= 4, { timeout: 20_000 })
  wire.resume()
  await untilReady(service)
  expect(timesIn(service.output(), "does not answer yet")).toBe(1)
})

test("a database that goes away in mid-run is missed and found again", async () => {
  const database = dropLater(await freshDatabase())
  const wire = await layWire(database.url)
  const service = stopLater(await startProcess({ DATABASE_URL: wire.url, REDIS_URL: redisUrl }))
  const [jane, mary] = [await createCustomer(service), await createCustomer(service)]
  for (let round = 0; round < 2; round += 1) {
    await wire.cut()
    await isDegraded(service, mary, jane)
    await wire.mend()
    await untilReady(service)
    expect((await create(service)).status).toBe(201)
    const changed = await service.send("PUT", jane.path, { token, body: { profile: { firstName: `Jane ${round}` } } })
    expect(customerIn(changed).profile).toEqual({ firstName: `Jane ${round}` })
  }
  expect(service.output()).not.toContain("failed unexpectedly")
})

test("sessions that the database ends under running requests cost a 503 at most", async () => {
  const database = dropLater(await freshDatabase())
  const service = stopLater(await startProcess({ DATABASE_URL: database.url, CACHE_ENABLED: "false" }))
  const jane = await createCustomer(service)
  const end =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'customer-service'"
  const statuses: Array<number> = []
  for (let round = 0; round < 5; round += 1) {
    const asked = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0
        ? service.send("GET", jane.path, { token })
        : service.send("PUT", jane.path, { token, body: { profile: { firstName: `${round} ${index}` } } })
    )
    await database.rows(end)
    statuses.push(...(await Promise.all(asked)).map(({ status }) => status))
  }
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect((await service.send("GET", jane.path, { token })).status).toBe(200)
})

test("a database that hangs is waited for no longer than a few seconds", async () => {
  const database = dropLater(await freshDatabase())
  const wire = await layWire(database.url)
  const service = stopLater(await startProcess({ DATABASE_URL: wire.url, REDIS_URL: redisUrl }))
  const jane = await createCustomer(service)
  wire.freeze()
  const unknown = Array.from({ length: 5 }, () => service.send("GET", `/v1/customers/${randomUUID()}`, { token }))
  await Promise.all([
    ...unknown.map((asked) => isUnavailable(asked, 8000)),
    isUnavailable(service.send("GET", "/v1/customers", { token: staff }), 8000)
  ])
  expect((await readiness(service))[0]).toBe(503)
  expect(customerIn(await service.send("GET", jane.path, { token })).id).toBe(jane.id)
  wire.resume()
  await untilReady(service)
  await vi.waitUntil(async () => (await create(service)).status === 201, { timeout: 20_000 })
})

test("lists are read from a replica, and from the primary while the replica is gone", async () => {
  const [primary, replica] = [dropLater(await freshDatabase()), dropLater(await freshDatabase())]
  const wire = await layWire(replica.url)
  const elsewhere = stopLater(await startProcess({ DATABASE_URL: replica.url }))
  const inReplica = await createCustomer(elsewhere)
  const service = stopLater(
    await startProcess({ DATABASE_URL: primary.url, DATABASE_REPLICA_URL: wire.url, REDIS_URL: redisUrl })
  )
  const inPrimary = await createCustomer(service)
  const listed = async () =>
    customersIn(await service.send("GET", "/v1/customers", { token: staff })).map(({ id }) => id)
  expect(await listed()).toEqual([inReplica.id])
  expect((await service.send("GET", inPrimary.path, { token })).status).toBe(200)
  expect((await service.send("GET", inReplica.path, { token })).status).toBe(404)
  await wire.cut()
  expect(await listed()).toEqual([inPrimary.id])
  expect(await readiness(service)).toMatchObject([200, { ready: true }])
  expect(service.output()).toContain("A read replica does not answer")
})

test("the parts of a customer are the same, loaded together or one after the other", async () => {
  const database = dropLater(await freshDatabase())
  const plain = { DATABASE_URL: database.url, CACHE_ENABLED: "false" }
  const together = stopLater(await startProcess({ ...plain, PARALLEL_LOADING: "true" }))
  const oneByOne = stopLater(await startProcess({ ...plain, PARALLEL_LOADING: "false" }))
  const jane = await createCustomer(oneByOne, { profile: { firstName: "Jane", data: { size: 38 } } })
  const missing = `/v1/customers/${randomUUID()}`
  for (const path of [jane.path, `${jane.path}/addresses`]) {
    const [first, second] = [await together.send("GET", path, { token }), await oneByOne.send("GET", path, { token })]
    expect([second.status, second.text]).toEqual([200, first.text])
  }
  expect(refusalIn(await oneByOne.send("GET", missing, { token }))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  expect(
    customerIn(await oneByOne.send("PUT", jane.path, { token, body: { profile: { data: { size: null } } } })).profile
  ).toEqual({
    firstName: "Jane"
  })
})
