import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, onTestFinished, test, vi } from "vitest"
import { freshDatabase } from "./support/database.ts"
import { done, erasureIn, erasureOf, requestErasure } from "./support/erasures.ts"
import { type FullLife, keepingMails, keptMails, liveFully, useEverything } from "./support/fullLife.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Service } from "./support/service.ts"
import { type ServiceProcess, startProcess } from "./support/serviceProcess.ts"
import { jwtSecret, staffToken } from "./support/tokens.ts"
import { tracesOf } from "./support/traces.ts"
import { layWire } from "./support/wire.ts"

const database = await freshDatabase()
const directory = await mkdtemp(join(tmpdir(), "customer-service-outages-"))
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})
const wire = await layWire(await freshRedis())
const staff = await staffToken("staff-of-outages")

const start = async (environment: string): Promise<ServiceProcess> => {
  const service = await startProcess({
    NODE_ENV: environment,
    LOG_LEVEL: "debug",
    DATABASE_URL: database.url,
    REDIS_URL: wire.url,
    ...keepingMails(directory)
  })
  onTestFinished(service.stop)
  return service
}

const stateOf = async (service: Service, life: FullLife) => (await erasureOf(service, life)).state

/** Nobody takes an erasure up again before the time of the one who failed is over. */
const letTimePass = ({ id }: FullLife) =>
  database.rows("UPDATE erasure_requests SET lease_until = now() WHERE customer_id = $1", [id])

const untilDone = async (service: Service, life: FullLife) => {
  await letTimePass(life)
  await vi.waitUntil(async () => (await stateOf(service, life)) === "done", { timeout: 20_000 })
  return done(await erasureOf(service, life))
}

const live = async (service: Service): Promise<FullLife> => {
  const life = await liveFully(service)
  await useEverything(service, life)
  await keptMails(directory, life, 3)
  return life
}

/** A cache that does not answer holds an erasure up. */
const withoutRedis = async (service: Service): Promise<FullLife> => {
  const life = await live(service)
  await wire.cut()
  expect(refusalIn(await requestErasure(service, life))).toEqual(refusal(503, "SERVICE_UNAVAILABLE"))
  expect(refusalIn(await service.send("GET", `${life.path}/export`, { token: staff })).status).not.toBe(200)
  expect(await erasureOf(service, life)).not.toHaveProperty("receipt")
  expect(await stateOf(service, life)).toBe("running")
  await wire.mend()
  await vi.waitUntil(async () => (await service.send("GET", "/health/ready")).text.includes('"redis":"up"'), {
    timeout: 15_000
  })
  await untilDone(service, life)
  return life
}

/** A database that refuses, and repeats what it was to erase in its error. */
const withRefusal = async (service: Service): Promise<FullLife> => {
  const life = await live(service)
  await database.rows(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'not %, known as % %', OLD.email, OLD.first_name, OLD.last_name; END $$`)
  await database.rows("CREATE TRIGGER refuse BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION refuse()")
  const answer = await requestErasure(service, life)
  expect(answer.status).toBeGreaterThanOrEqual(500)
  expect(tracesOf(life.canary.traces, [{ place: "answer", text: answer.text }])).toEqual([])
  expect(await stateOf(service, life)).toBe("running")
  await letTimePass(life)
  const hasTried = "SELECT 1 FROM erasure_requests WHERE customer_id = $1 AND lease_until > now()"
  await vi.waitUntil(async () => (await database.rows(hasTried, [life.id])).length > 0, { timeout: 20_000 })
  await database.rows("DROP FUNCTION refuse() CASCADE")
  await untilDone(service, life)
  return life
}

/** Somebody wrote her address where nobody's rows are: it is not signed that nothing is left. */
const withRemainder = async (service: Service): Promise<FullLife> => {
  const life = await live(service)
  const description = `as ${life.email.toUpperCase()} has asked, or call ${life.canary.phone}`
  await database.rows("INSERT INTO customer_segments (name, description, rules) VALUES ('hers', $1, '{}')", [
    description
  ])
  const answer = await requestErasure(service, life)
  expect([answer.status, erasureIn(answer).state]).toEqual([202, "running"])
  expect(await erasureOf(service, life)).not.toHaveProperty("receipt")
  await database.rows("DELETE FROM customer_segments WHERE name = 'hers'")
  await untilDone(service, life)
  return life
}

/** What everybody may read has nothing personal in it. */
const expectSilence = (lives: ReadonlyArray<FullLife>, output: string, metrics: string): void => {
  const dump = [
    { place: "log", text: output },
    { place: "metrics", text: metrics }
  ]
  for (const { canary, password } of lives) {
    expect(tracesOf([...canary.traces.slice(0, -1), password], dump)).toEqual([])
  }
  expect(output).not.toContain(jwtSecret)
  expect(output).not.toMatch(/\$argon2|she asked for it/)
}

// The development log writes the same in other words: it shows most of what the database refused.
test.for([
  ["production", [withoutRedis, withRefusal, withRemainder]],
  ["development", [withRefusal]]
] as const)(
  "an erasure that fails is tried again until it is done, and the %s log, the metrics and the answers tell nothing personal",
  { timeout: 120_000 },
  async ([environment, failures]) => {
    const service = await start(environment)
    const lives: Array<FullLife> = []
    for (const fail of failures) lives.push(await fail(service))
    const { text: metrics } = await service.send("GET", "/metrics")
    expect(Number(/^customer_erasures_total (\d+)/m.exec(metrics)?.[1])).toBe(failures.length)
    await service.stop()
    const output = service.output()
    expectSilence(lives, output, metrics)
    expect(output).toContain("An erasure failed; it is tried again")
    expect(output.includes("left something behind")).toBe(environment === "production")
  }
)
