import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test, vi } from "vitest"
import { createCustomer, customerIn } from "./support/customers.ts"
import { newEmail } from "./support/scene.ts"
import { runService, type ServiceProcess, startProcess, untilReady, withSecret } from "./support/serviceProcess.ts"
import { serviceToken } from "./support/tokens.ts"

const directory = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), "customer-service-embedded-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

const run = async (variables: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
  const service = await runService(variables)
  onTestFinished(service.stop)
  return service
}

const tokenIn = (greeting: string): string => /Authorization: Bearer ([\w.-]+)'/.exec(greeting)?.[1] ?? ""

test("without any configuration the service greets with a token that works, also after a restart", async () => {
  const data = await directory()
  const service = await run({ DATA_DIR: join(data, "new") })
  await vi.waitUntil(() => service.output().includes("curl"), { timeout: 30_000 })
  const greeting = service.standardOutput()
  expect(greeting).toContain(`${service.url}/v1/customers`)
  expect(greeting).toContain(`${service.url}/docs`)
  const token = tokenIn(greeting)
  const created = await service.send("POST", "/v1/customers", { token, body: { email: newEmail() } })
  expect(created.status).toBe(201)
  await service.stop()
  expect(await service.exited).toBe(0)
  const again = await run({ DATA_DIR: join(data, "new") })
  await untilReady(again)
  const read = await again.send("GET", created.headers.get("location") ?? "", { token })
  expect(customerIn(read)).toEqual(customerIn(created))
  for (const name of ["database", "jwt-secret"]) {
    expect((await stat(join(data, "new", name))).mode & 0o077).toBe(0)
  }
  await again.stop()
  const production = { ...withSecret, NODE_ENV: "production", MIGRATE_ON_START: "true" }
  const quiet = await run({ DATA_DIR: join(data, "new"), ...production })
  await vi.waitUntil(() => quiet.output().includes("is ready at"), { timeout: 30_000 })
  expect(quiet.output()).not.toContain("Bearer")
})

test("a second process on its data ends with one clear line; a killed one is no hindrance", async () => {
  const data = await directory()
  const token = await serviceToken()
  const first = await startProcess({ DATA_DIR: data })
  onTestFinished(first.stop)
  const { path } = await createCustomer(first)
  const second = await run({ ...withSecret, DATA_DIR: data })
  expect(await second.exited).toBe(1)
  expect(second.standardError().trim().split("\n")).toEqual([expect.stringMatching(/in use by another process/)])
  await createCustomer(first)
  first.kill("SIGKILL")
  await first.exited
  const third = await startProcess({ DATA_DIR: data })
  onTestFinished(third.stop)
  expect((await third.send("GET", path, { token })).status).toBe(200)
})
