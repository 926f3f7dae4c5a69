import { expect, test, vi } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { beginPost } from "./support/slowRequest.ts"
import { serviceToken } from "./support/tokens.ts"

const { service } = await openScene({ MAX_CONCURRENT_REQUESTS: "2" })
const token = await serviceToken()
const jane = await createCustomer(service)

const read = () => service.send("GET", jane.path, { token })

test("over the most requests under way the next are told to come back; health is not", async () => {
  await read()
  const begin = () => beginPost(service.url, "/v1/customers", token, { email: newEmail() })
  const [one, other] = [await begin(), await begin()]
  for (const path of [jane.path, "/v1/customers", "/nowhere"]) {
    const refused = await service.send("GET", path, { token })
    expect(refusalIn(refused)).toEqual(refusal(503, "SERVICE_UNAVAILABLE"))
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
  }
  for (const path of ["/health/live", "/health/ready", "/metrics"]) {
    expect((await service.send("GET", path)).status).toBe(200)
  }
  expect(await one.finish()).toMatch(/^HTTP\/1\.1 201 /)
  expect((await read()).status).toBe(200)
  expect(await other.finish()).toMatch(/^HTTP\/1\.1 201 /)
})

test("requests that are given up make room again", async () => {
  for (let round = 0; round < 3; round += 1) {
    const begin = () => beginPost(service.url, "/v1/customers", token, { email: newEmail() })
    const [one, other] = [await begin(), await begin()]
    expect((await read()).status).toBe(503)
    one.abandon()
    other.abandon()
    await vi.waitUntil(async () => (await read()).status === 200)
  }
})
