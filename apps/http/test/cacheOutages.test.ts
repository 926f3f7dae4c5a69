import { startRedis } from "@customer-service/test-servers"
import { Redis } from "ioredis"
import { afterAll, expect, onTestFinished, test, vi } from "vitest"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import type { Service } from "./support/service.ts"
import { type ServiceProcess, startProcess } from "./support/serviceProcess.ts"
import { serviceToken } from "./support/tokens.ts"

const database = await freshDatabase()
afterAll(database.drop)
const token = await serviceToken()

/** A Redis that this test alone uses, and services on it. */
const alone = async () => {
  const redis = await startRedis()
  onTestFinished(redis.destroy)
  const start = async (): Promise<ServiceProcess> => {
    const service = await startProcess({ DATABASE_URL: database.url, REDIS_URL: redis.url })
    onTestFinished(service.stop)
    return service
  }
  return { redis, start }
}

const nameOf = async (service: Service, { path }: Known): Promise<unknown> =>
  customerIn(await service.send("GET", path, { token })).profile["firstName"]

const rename = async (service: Service, { path }: Known, firstName: string): Promise<void> => {
  const answer = await service.send("PUT", path, { token, body: { profile: { firstName } } })
  expect([answer.status, customerIn(answer).profile["firstName"]]).toEqual([200, firstName])
}

const dependencies = async (service: Service): Promise<unknown> => {
  const { body, status } = await service.send("GET", "/health/ready")
  expect(status).toBe(200)
  return (body as { dependencies: unknown }).dependencies
}

const metric = async (service: Service, name: string): Promise<number> => {
  const { text } = await service.send("GET", "/metrics")
  return Number(new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1] ?? 0)
}

const timesIn = (text: string, part: string): number => text.split(part).length - 1

/** Reads until the cache answers again; every read on the way must see the name that was written last. */
const untilCached = async (service: Service, customer: Known, name: string): Promise<void> => {
  const before = await metric(service, "customer_cache_hits_total")
  await vi.waitUntil(
    async () => {
      expect(await nameOf(service, customer)).toBe(name)
      return (await metric(service, "customer_cache_hits_total")) > before
    },
    { timeout: 20_000, interval: 5 }
  )
  expect(await dependencies(service)).toEqual({ database: "up", redis: "up" })
}

/** What a service without its cache must still do, and in good time. */
const worksOn = async (service: Service, customer: Known, name: string): Promise<void> => {
  const started = performance.now()
  await rename(service, customer, name)
  expect(await nameOf(service, customer)).toBe(name)
  expect((await createCustomer(service)).id).toBeTruthy()
  expect(performance.now() - started).toBeLessThan(5000)
  expect(await dependencies(service)).toEqual({ database: "up", redis: "degraded" })
  expect(await metric(service, "customer_cache_failures_total")).toBeGreaterThan(0)
}

test("while Redis is stopped everything is answered, and nothing is stale once it is back with what it held", async () => {
  const { redis, start } = await alone()
  const service = await start()
  const jane = await createCustomer(service, { profile: { firstName: "First" } })
  const untouched = await createCustomer(service, { profile: { firstName: "Untouched" } })
  expect(await nameOf(service, jane)).toBe("First")
  await redis.stop()
  await worksOn(service, jane, "Second")
  await worksOn(service, jane, "Third")
  await redis.start()
  const client = new Redis(redis.url)
  onTestFinished(() => void client.disconnect())
  expect(await client.get(`customers:profile:${untouched.id}`)).toContain("Untouched")
  await untilCached(service, jane, "Third")
  expect(await nameOf(service, untouched)).toBe("Untouched")
  expect(timesIn(service.output(), "The customer cache does not answer")).toBe(1)
  expect(timesIn(service.output(), "The customer cache answers again")).toBe(1)
})

test("while Redis hangs everything is answered, and nothing is stale once it goes on", async () => {
  const { redis, start } = await alone()
  const service = await start()
  const jane = await createCustomer(service, { profile: { firstName: "First" } })
  expect(await nameOf(service, jane)).toBe("First")
  await redis.pause()
  onTestFinished(redis.resume)
  await worksOn(service, jane, "Second")
  await redis.resume()
  await untilCached(service, jane, "Second")
  expect(timesIn(service.output(), "The customer cache does not answer")).toBe(1)
})

test("two processes that both noticed the outage read what the other wrote in it", async () => {
  const { redis, start } = await alone()
  const [one, other] = [await start(), await start()]
  const jane = await createCustomer(one, { profile: { firstName: "First" } })
  expect(await nameOf(other, jane)).toBe("First")
  await redis.stop()
  await worksOn(one, jane, "Second")
  await worksOn(other, jane, "Third")
  expect(await nameOf(one, jane)).toBe("Third")
  await redis.start()
  await Promise.all([untilCached(one, jane, "Third"), untilCached(other, jane, "Third")])
})

test("a process that had nothing to do in the outage reads what was written in it within seconds", async () => {
  const { redis, start } = await alone()
  const [busy, idle] = [await start(), await start()]
  const jane = await createCustomer(busy, { profile: { firstName: "First" } })
  expect(await nameOf(idle, jane)).toBe("First")
  await redis.stop()
  await rename(busy, jane, "Second")
  await redis.start()
  await vi.waitUntil(async () => (await nameOf(idle, jane)) === "Second", { timeout: 5000 })
  await untilCached(busy, jane, "Second")
  expect(await nameOf(idle, jane)).toBe("Second")
})

test("a Redis that is down at the start is done without, and found once it is there", async () => {
  const { redis, start } = await alone()
  await redis.stop()
  const service = await start()
  const jane = await createCustomer(service, { profile: { firstName: "First" } })
  await worksOn(service, jane, "Second")
  await redis.start()
  await untilCached(service, jane, "Second")
})

test("with CACHE_ENABLED=false every read goes to the database, and nothing is put into Redis", async () => {
  const { redis } = await alone()
  const service = await startProcess({ DATABASE_URL: database.url, REDIS_URL: redis.url, CACHE_ENABLED: "false" })
  onTestFinished(service.stop)
  const jane = await createCustomer(service, { profile: { firstName: "First" } })
  expect(await nameOf(service, jane)).toBe("First")
  await database.rows("UPDATE customers SET first_name = 'Changed elsewhere' WHERE id = $1", [jane.id])
  expect(await nameOf(service, jane)).toBe("Changed elsewhere")
  const client = new Redis(redis.url)
  onTestFinished(() => void client.disconnect())
  expect((await client.keys("*")).filter((key) => !key.startsWith("customers:limit:"))).toEqual([])
})

test("the cache holds the specification's keys, each with its time to live", async () => {
  const { redis } = await alone()
  const service = await startProcess({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    REDIS_TTL_PROFILE: "100",
    REDIS_TTL_ADDRESSES: "200",
    REDIS_TTL_LEGACY_MAPPING: "300"
  })
  onTestFinished(service.stop)
  const jane = await createCustomer(service)
  const legacyId = "4012345678"
  await database.rows("UPDATE customers SET legacy_id = $1 WHERE id = $2", [legacyId, jane.id])
  expect((await service.send("GET", `/v1/customers/${legacyId}`, { token })).status).toBe(200)
  const client = new Redis(redis.url)
  onTestFinished(() => void client.disconnect())
  const ttl = async (key: string) => Math.ceil((await client.ttl(key)) / 100) * 100
  expect(await ttl(`customers:profile:${jane.id}`)).toBe(100)
  expect(await ttl(`customers:addresses:${jane.id}`)).toBe(200)
  expect(await ttl(`customers:legacy:${legacyId}`)).toBe(300)
  expect(await client.get(`customers:legacy:${legacyId}`)).toBe(jane.id)
})
