import { once } from "node:events"
import { createServer } from "node:net"
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest"
import { emptyDatabase, freshDatabase, type TestDatabase } from "./support/database.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import {
  freePort,
  runService,
  type ServiceProcess,
  startProcess,
  untilLive,
  untilReady,
  withSecret
} from "./support/serviceProcess.ts"
import { beginPost } from "./support/slowRequest.ts"
import { serviceToken } from "./support/tokens.ts"

const token = await serviceToken()
const database = await freshDatabase()
afterAll(database.drop)

const empty = async (): Promise<TestDatabase> => {
  const made = await emptyDatabase()
  onTestFinished(made.drop)
  return made
}

const run = async (variables: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
  const service = await runService(variables)
  onTestFinished(service.stop)
  return service
}

const create = (service: Service, email = newEmail()) =>
  service.send("POST", "/v1/customers", { token, body: { email } })

const isRefusing = (service: Service): Promise<boolean> =>
  service.send("GET", "/health/live").then(
    () => false,
    () => true
  )

describe("told to end", () => {
  test.for(["SIGTERM", "SIGINT"] as const)("by %s, it finishes what is under way and exits with 0", async (signal) => {
    const service = await startProcess({ DATABASE_URL: database.url })
    const email = newEmail()
    const slow = await beginPost(service.url, "/v1/customers", token, { email, password: "a good password" })
    expect((await create(service)).status).toBe(201)
    service.kill(signal)
    await vi.waitUntil(() => isRefusing(service), { timeout: 10_000 })
    const answer = await slow.finish()
    expect(answer).toMatch(/^HTTP\/1\.1 201 /)
    expect(answer).toContain(email)
    expect(await service.exited).toBe(0)
    expect(await database.rows("SELECT 1 FROM customers WHERE email = $1", [email])).toHaveLength(1)
    expect(service.standardError()).toBe("")
  })

  test("while it waits for its database, it ends at once", async () => {
    const service = await runService({
      ...withSecret,
      DATABASE_URL: `postgres://u:p@127.0.0.1:${await freePort()}/none`
    })
    await untilLive(service)
    service.kill("SIGTERM")
    expect(await service.exited).toBe(0)
  })
})

describe("a start that cannot succeed", () => {
  test("for a port in use ends with one clear line", async () => {
    const port = await freePort()
    const other = createServer().listen(port, "127.0.0.1")
    await once(other, "listening")
    onTestFinished(() => void other.close())
    const service = await run({ ...withSecret, DATABASE_URL: database.url, SERVICE_PORT: String(port) })
    expect(await service.exited).toBe(1)
    expect(service.standardError().trim().split("\n")).toEqual([expect.stringMatching(/EADDRINUSE|in use/)])
    expect(service.standardError()).toContain(String(port))
  })

  test("for a directory that cannot be one ends with one clear line", async () => {
    const service = await run({ DATA_DIR: "/dev/null/data" })
    expect(await service.exited).toBe(1)
    expect(service.standardError().trim().split("\n")).toEqual([expect.stringContaining("/dev/null/data")])
  })
})

describe("a database without its tables", () => {
  test.for([{ MIGRATE_ON_START: "false" }, { NODE_ENV: "production" }])(
    "is left alone with %j until somebody migrates it",
    async (variables) => {
      const bare = await empty()
      const service = await run({ ...withSecret, DATABASE_URL: bare.url, ...variables })
      await vi.waitUntil(() => service.output().includes("migrate up"), { timeout: 20_000 })
      const ready = await service.send("GET", "/health/ready")
      expect([ready.status, ready.body]).toEqual([
        503,
        { ready: false, dependencies: { database: "up" }, pendingMigrations: expect.any(Number) }
      ])
      expect(refusalIn(await create(service))).toEqual(refusal(503, "SERVICE_UNAVAILABLE"))
      expect(await bare.rows("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([])
      const migrating = await startProcess({ DATABASE_URL: bare.url })
      await migrating.stop()
      await untilReady(service)
      expect((await create(service)).status).toBe(201)
    }
  )

  test("is migrated once by processes that start together", async () => {
    const bare = await empty()
    const services = await Promise.all(Array.from({ length: 3 }, () => startProcess({ DATABASE_URL: bare.url })))
    const answers = await Promise.all(services.map((service) => create(service)))
    await Promise.all(services.map((service) => service.stop()))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(services.map((service) => service.standardError())).toEqual(["", "", ""])
    expect(services.filter((service) => service.output().includes("Migrations applied"))).toHaveLength(1)
  })
})
