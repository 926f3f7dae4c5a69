import { randomBytes } from "node:crypto"
import { afterAll } from "vitest"
import { freshDatabase, type TestDatabase } from "./database.ts"
import { freshRedis } from "./redisDatabase.ts"
import { type Service, startService } from "./service.ts"

/** A service on PostgreSQL and Redis that one test file has to itself. */
export interface Scene {
  readonly service: Service
  readonly database: TestDatabase
  readonly redisUrl: string
  /** Starts one more service on the same database and Redis. */
  readonly startAnother: (variables?: Readonly<Record<string, string>>) => Promise<Service>
}

/** Sets the scene for this file, and clears it away after the file's last test. */
export const openScene = async (variables: Readonly<Record<string, string>> = {}): Promise<Scene> => {
  const database = await freshDatabase()
  const redisUrl = await freshRedis()
  const running: Array<Service> = []
  const start = async (more: Readonly<Record<string, string>>): Promise<Service> => {
    const service = await startService({ DATABASE_URL: database.url, REDIS_URL: redisUrl, ...variables, ...more })
    running.push(service)
    return service
  }
  afterAll(async () => {
    await Promise.all(running.map((service) => service.stop()))
    await database.drop()
  })
  return { service: await start({}), database, redisUrl, startAnother: (more = {}) => start(more) }
}

/** A mail address that nobody has used. */
export const newEmail = (): string => `someone.${randomBytes(8).toString("hex")}@example.com`
