export * as RedisConnection from "./RedisConnection.ts"
export * as RedisCustomerCache from "./RedisCustomerCache.ts"
export * as RedisRateLimiter from "./RedisRateLimiter.ts"
