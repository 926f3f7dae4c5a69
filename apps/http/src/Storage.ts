import {
  OutboxBell,
  PgConsentLedger,
  PgCredentials,
  PgCustomerAnalytics,
  PgCustomerRepository,
  PgCustomerStandings,
  PgCustomerTimeline,
  PgEventJournal,
  PgInbox,
  PgliteClient,
  PgMailQueue,
  PgOutbox,
  PgPersonalDataStore,
  PgRuleMatches,
  PgSegmentMemberships,
  PgSegmentRecomputes,
  PgSegmentStore,
  PgVerificationTokens,
  PostgresClient,
  ReadReplicas
} from "@customer-service/adapters-postgres"
import {
  RedisAttemptLimiter,
  RedisConnection,
  RedisCustomerCache,
  RedisMembershipCache,
  RedisRateLimiter,
  RedisSessionStore,
  RedisUpstreamAnswers
} from "@customer-service/adapters-redis"
import {
  AttemptLimiter,
  CachedCustomerRepository,
  CustomerCache,
  CustomerDocuments,
  MembershipCache,
  RateLimiter,
  type SegmentStore,
  SegmentWatch,
  SessionStore,
  UpstreamAnswers
} from "@customer-service/core"
import { Layer } from "effect"
import { join } from "node:path"
import { type AppConfig, replicaUrls } from "./AppConfig.ts"
import { sharedSecret } from "./tokens.ts"

/** The database: PostgreSQL where DATABASE_URL says so, else PGlite in DATA_DIR; with the bell that its events ring. */
export const database = (config: AppConfig) => {
  if (config.DATABASE_URL === undefined) {
    return Layer.merge(PgliteClient.layer(join(config.DATA_DIR, "database")), OutboxBell.layerLocal)
  }
  const server = PostgresClient.layer(postgresOptions(config, config.DATABASE_URL))
  return Layer.provideMerge(OutboxBell.layerNotify, server)
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

/** What is kept near: customers, sessions, answers of other services, and how often somebody asked or failed. */
type Nearby =
  | AttemptLimiter.AttemptLimiter
  | CustomerCache.CustomerCache
  | MembershipCache.MembershipCache
  | RateLimiter.RateLimiter
  | SessionStore.SessionStore
  | UpstreamAnswers.UpstreamAnswers

/** Where it is kept: in Redis where REDIS_URL says so, else in this process's memory. */
export const nearby = (config: AppConfig): Layer.Layer<Nearby> => {
  if (config.REDIS_URL === undefined) {
    const limits = { capacity: 10_000, timeToLive: config.REDIS_TTL_PROFILE * 1000 }
    return Layer.mergeAll(
      CustomerCache.layerMemory(limits),
      MembershipCache.layerMemory({ ...limits, timeToLive: config.REDIS_TTL_SEGMENTS * 1000 }),
      RateLimiter.layerMemory,
      AttemptLimiter.layerMemory,
      SessionStore.layerMemory(config.SESSION_TIMEOUT),
      UpstreamAnswers.layerMemory()
    )
  }
  const timeToLive = {
    profile: config.REDIS_TTL_PROFILE,
    addresses: config.REDIS_TTL_ADDRESSES,
    legacyMapping: config.REDIS_TTL_LEGACY_MAPPING
  }
  return Layer.mergeAll(
    RedisCustomerCache.layer(timeToLive),
    RedisMembershipCache.layer({ timeToLiveSeconds: config.REDIS_TTL_SEGMENTS }),
    RedisRateLimiter.layer,
    RedisAttemptLimiter.layer,
    RedisSessionStore.layer({ timeoutSeconds: config.SESSION_TIMEOUT }),
    RedisUpstreamAnswers.layer()
  ).pipe(Layer.provideMerge(RedisConnection.layer(config.REDIS_URL)))
}

/** What stands in the database beside the customers themselves. */
export const records = (config: AppConfig) =>
  Layer.mergeAll(
    PgCredentials.layer,
    PgVerificationTokens.layer,
    PgMailQueue.layer,
    PgConsentLedger.layer,
    PgOutbox.layer,
    PgCustomerTimeline.layer,
    PgEventJournal.layer,
    PgInbox.layer,
    PgCustomerAnalytics.layer.pipe(Layer.provide(replicas(config))),
    PgCustomerStandings.layer.pipe(Layer.provide(replicas(config))),
    PgRuleMatches.layer.pipe(Layer.provide(replicas(config))),
    PgSegmentMemberships.layer.pipe(Layer.provide(replicas(config))),
    PgSegmentRecomputes.layer,
    PgSegmentStore.layer.pipe(Layer.provide(replicas(config))),
    Layer.suspend(() => PgPersonalDataStore.layer({ key: sharedSecret(config) }))
  )

/** Where customers are kept, behind the cache unless CACHE_ENABLED is false. */
export const customers = (config: AppConfig) =>
  config.CACHE_ENABLED
    ? CachedCustomerRepository.layer.pipe(Layer.provide(repository(config)))
    : CustomerDocuments.layer.pipe(Layer.provideMerge(repository(config)))

/** Lets memberships be read from where they are kept near, unless CACHE_ENABLED is false. */
export const segmentWatch = (config: AppConfig): Layer.Layer<never, never, SegmentStore.SegmentStore> =>
  config.CACHE_ENABLED ? SegmentWatch.layer : Layer.empty
