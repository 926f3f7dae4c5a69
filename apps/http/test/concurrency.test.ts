import { expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { holdKeys } from "./support/heldKeys.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import { beginPost } from "./support/slowRequest.ts"
import { serviceToken } from "./support/tokens.ts"

const keys = await holdKeys()
const { service, startAnother } = await openScene({ MAX_CONCURRENT_REQUESTS: "2", ...keys.variables })
const token = await serviceToken()
const jane = await createCustomer(service)

const readAt = (target: Service) => async () => (await target.send("GET", jane.path, { token })).status

test("requests that are given up make room again, before their body has come and after", async () => {
  const another = await startAnother()
  const begin = () => beginPost(another.url, "/v1/customers", token, { email: newEmail() })
  for (let round = 0; round < 3; round += 1) {
    const sending = [await begin(), await begin()]
    for (const request of sending) request.abandon()
    await expect.poll(readAt(another)).toBe(200)
  }
  const caller = new AbortController()
  const waitingFor = { headers: { authorization: `Bearer ${keys.token}` }, signal: caller.signal }
  const waiting = Promise.allSettled([1, 2].map(() => fetch(`${another.url}${jane.path}`, waitingFor)))
  await expect.poll(readAt(another)).toBe(503)
  caller.abort()
  expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "rejected"])
  await expect.poll(readAt(another)).toBe(200)
})

test("over the most requests under way the next are told to come back; health is not", async () => {
  const late = await beginPost(service.url, "/v1/customers", token, { email: newEmail() })
  const other = await beginPost(service.url, "/v1/customers", token, { email: newEmail() })
  await expect.poll(readAt(service)).toBe(200)
  const wait = () => service.send("GET", jane.path, { token: keys.token })
  const both = Promise.all([wait(), wait()])
  await expect.poll(readAt(service)).toBe(503)
  for (const path of [jane.path, "/v1/customers", "/nowhere"]) {
    const refused = await service.send("GET", path, { token })
    expect(refusalIn(refused)).toEqual(refusal(503, "SERVICE_UNAVAILABLE"))
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
  }
  for (const path of ["/health/live", "/health/ready", "/metrics"]) {
    expect((await service.send("GET", path)).status).toBe(200)
  }
  expect(await late.finish()).toMatch(/^HTTP\/1\.1 503 /)
  keys.release()
  expect((await both).map(({ status }) => status)).toEqual([401, 401])
  expect(await readAt(service)()).toBe(200)
  expect(await other.finish()).toMatch(/^HTTP\/1\.1 201 /)
  for (const request of [late, other]) request.abandon()
})
