import "@customer-service/test-servers/global-setup"
import { Redis } from "ioredis"
import { inject } from "vitest"

// Redis has 16 databases; the first is left to others. Files that run at the same time have different workers.
const databaseNumber = (): number => 1 + (Number(process.env["VITEST_POOL_ID"] ?? 0) % 15)

/** The address of an empty database of the shared Redis, for one test file. */
export const freshRedis = async (): Promise<string> => {
  const url = new URL(inject("redisUrl"))
  url.pathname = `/${databaseNumber()}`
  const client = new Redis(url.href)
  await client.flushdb()
  await client.quit()
  return url.href
}
