import { beforeAll, describe, expect, onTestFinished, test } from "vitest"

import {
  type DaprdOptions,
  type Server,
  type Sidecar,
  daprdPatience,
  prepareDaprd,
  startDaprd,
  startRedis
} from "../../src/index.ts"
import { freePort } from "../../src/ports.ts"
import { application } from "./application.ts"

beforeAll(() => prepareDaprd(), daprdPatience)

const privateRedis = async (): Promise<Server> => {
  const redis = await startRedis({ appendFsync: "always" })
  onTestFinished(redis.destroy)
  return redis
}

const privateDaprd = async (options: DaprdOptions): Promise<Sidecar> => {
  const daprd = await startDaprd(options)
  onTestFinished(daprd.destroy)
  return daprd
}

const publish = async (daprd: Sidecar, data: unknown, topic = "news"): Promise<number> => {
  const { status } = await fetch(`${daprd.url}/v1.0/publish/pubsub/${topic}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(data)
  })
  return status
}

const soon = { processingTimeout: 200, redeliverInterval: 200 } as const

test("a message reaches the application over Redis, with the token it expects", async () => {
  const redis = await privateRedis()
  const { deliveries, listen } = application()
  const daprd = await privateDaprd({ redisUrl: redis.url, appPort: await listen(), appApiToken: "open sesame" })
  expect(await publish(daprd, { name: "value" })).toBe(204)
  await expect.poll(() => deliveries).toEqual([{ path: "/news", token: "open sesame", data: { name: "value" } }])
  expect(daprd.origin).toMatch(/^Dapr /u)
  expect(daprd.url).toBe(`http://127.0.0.1:${daprd.httpPort}`)
})

test("an application that comes after its sidecar gets what was published before it", async () => {
  const redis = await privateRedis()
  const appPort = await freePort()
  const { deliveries, listen } = application()
  const daprd = await privateDaprd({ redisUrl: redis.url, appPort })
  expect(await publish(daprd, "early")).toBe(204)
  await listen(appPort)
  await expect.poll(() => deliveries).toMatchObject([{ data: "early" }])
})

test("a message that the application refuses is delivered again", async () => {
  const redis = await privateRedis()
  const { deliveries, listen } = application([500])
  const daprd = await privateDaprd({ redisUrl: redis.url, appPort: await listen(), pubsub: soon })
  await publish(daprd, "refused")
  await expect.poll(() => deliveries).toMatchObject([{ data: "refused" }, { data: "refused" }])
})

test("a sidecar that loads a subscription delivers where it says", async () => {
  const redis = await privateRedis()
  const { deliveries, listen } = application()
  const subscription = `
    apiVersion: dapr.io/v2alpha1
    kind: Subscription
    metadata: { name: offers }
    spec: { pubsubname: pubsub, topic: offers, routes: { default: /bargains } }`
  const daprd = await privateDaprd({ redisUrl: redis.url, appPort: await listen(), resources: [subscription] })
  await publish(daprd, "cheap", "offers")
  await expect.poll(() => deliveries).toMatchObject([{ path: "/bargains", data: "cheap" }])
})

describe.each(["stop", "kill"] as const)("after %s", (end) => {
  test("a sidecar refuses connections, and comes back on the same port with what waited in Redis", async () => {
    const redis = await privateRedis()
    const appPort = await freePort()
    const { deliveries, listen } = application()
    const daprd = await privateDaprd({ redisUrl: redis.url, appPort })
    await publish(daprd, "waiting")
    await daprd[end]()
    await expect(publish(daprd, "lost")).rejects.toThrow("fetch failed")
    await listen(appPort)
    await daprd.start()
    await expect.poll(() => deliveries).toMatchObject([{ data: "waiting" }])
    expect(await publish(daprd, "later")).toBe(204)
  })
})

test("a sidecar publishes again once its killed Redis is back", async () => {
  const redis = await privateRedis()
  const { deliveries, listen } = application()
  const daprd = await privateDaprd({ redisUrl: redis.url, appPort: await listen(), pubsub: soon })
  await redis.kill()
  expect(await publish(daprd, "lost")).toBe(500)
  await redis.start()
  await expect.poll(() => publish(daprd, "found")).toBe(204)
  await expect.poll(() => deliveries).toContainEqual(expect.objectContaining({ data: "found" }))
})

test("a sidecar without its Redis does not start, and says why", async () => {
  const redisUrl = `redis://127.0.0.1:${await freePort()}`
  await expect(startDaprd({ redisUrl })).rejects.toThrow(/did not start:[^]*connection refused/u)
})
