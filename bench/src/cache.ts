import { Redis } from "ioredis"

/** Drops what is cached of customers. */
export const forgetCustomers = async (redisUrl: string): Promise<void> => {
  const redis = new Redis(redisUrl)
  for (const match of ["customers:profile:*", "customers:addresses:*"]) {
    for await (const keys of redis.scanStream({ match, count: 10_000 })) {
      if (keys.length > 0) await redis.unlink(keys)
    }
  }
  await redis.quit()
}
