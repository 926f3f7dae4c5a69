import { Redis } from "ioredis"

/** Drops all that a service keeps in its Redis database, whatever keys it uses. */
export const emptyCache = async (redisUrl: string): Promise<void> => {
  const redis = new Redis(redisUrl)
  await redis.flushdb()
  await redis.quit()
}
