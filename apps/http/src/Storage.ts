import { PgCustomerRepository, PgliteClient, PostgresClient, ReadReplicas } from "@customer-service/adapters-postgres"
import { RedisConnection, RedisCustomerCache, RedisRateLimiter } from "@customer-service/adapters-redis"
import { CachedCustomerRepository, CustomerCache, CustomerDocuments, RateLimiter } from "@customer-service/core"
import { Layer } from "effect"
import { join } from "node:path"
import { type AppConfig, replicaUrls } from "./AppConfig.ts"

/** The database: PostgreSQL where DATABASE_URL says so, else PGlite in DATA_DIR. */
export const database = (config: AppConfig) => {
  if (config.DATABASE_URL === undefined) return PgliteClient.layer(join(config.DATA_DIR, "database"))
  return PostgresClient.layer(postgresOptions(config, config.DATABASE_URL))
}

const postgresOptions = (config: AppConfig, url: NonNullable<AppConfig["DATABASE_URL"]>) => ({
  url,
  replicaUrls: replicaUrls(config),
  maxConnections: config.DATABASE_MAX_CONNECTIONS,
  idleConnections: config.DATABASE_IDLE_CONNECTIONS,
  applicationName: config.SERVICE_NAME
})

const replicas = (config: AppConfig) =>
  config.DATABASE_URL === undefined
    ? ReadReplicas.layerPrimary
    : PostgresClient.layerReplicas(postgresOptions(config, config.DATABASE_URL))

const repository = (config: AppConfig) =>
  PgCustomerRepository.layer({ parallelLoading: config.PARALLEL_LOADING }).pipe(Layer.provide(replicas(config)))

/** Where requests are counted and customers kept near: Redis where REDIS_URL says so, else this process's memory. */
export const nearby = (config: AppConfig): Layer.Layer<CustomerCache.CustomerCache | RateLimiter.RateLimiter> => {
  if (config.REDIS_URL === undefined) {
    const limits = { capacity: 10_000, timeToLive: config.REDIS_TTL_PROFILE * 1000 }
    return Layer.mergeAll(CustomerCache.layerMemory(limits), RateLimiter.layerMemory)
  }
  const timeToLive = {
    profile: config.REDIS_TTL_PROFILE,
    addresses: config.REDIS_TTL_ADDRESSES,
    legacyMapping: config.REDIS_TTL_LEGACY_MAPPING
  }
  return Layer.mergeAll(RedisCustomerCache.layer(timeToLive), RedisRateLimiter.layer).pipe(
    Layer.provideMerge(RedisConnection.layer(config.REDIS_URL))
  )
}

/** Where customers are kept, behind the cache unless CACHE_ENABLED is false. */
export const customers = (config: AppConfig) =>
  config.CACHE_ENABLED
    ? CachedCustomerRepository.layer.pipe(Layer.provide(repository(config)))
    : CustomerDocuments.layer.pipe(Layer.provideMerge(repository(config)))
