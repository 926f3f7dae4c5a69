import { CachedCustomerRepository } from "@customer-service/core"
import {
  attemptLimiterContract,
  customerCacheContract,
  customerDocumentsContract,
  customerRepositoryContract,
  membershipCacheContract,
  rateLimiterContract,
  sessionStoreContract,
  upstreamAnswersContract
} from "@customer-service/core/testing"
import { Layer } from "effect"
import * as RedisAttemptLimiter from "../src/RedisAttemptLimiter.ts"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import * as RedisMembershipCache from "../src/RedisMembershipCache.ts"
import * as RedisRateLimiter from "../src/RedisRateLimiter.ts"
import * as RedisSessionStore from "../src/RedisSessionStore.ts"
import * as RedisUpstreamAnswers from "../src/RedisUpstreamAnswers.ts"
import { advance, Observer } from "./support/Observer.ts"
import { shared } from "./support/servers.ts"
import { storeInMemory } from "./support/Store.ts"

const cache = Layer.provide(RedisCustomerCache.layer(), shared)
const limiter = Layer.provide(RedisRateLimiter.layer, shared)
const attempts = Layer.provide(RedisAttemptLimiter.layer, shared)
const timeoutSeconds = 600
const sessions = Layer.merge(Layer.provide(RedisSessionStore.layer({ timeoutSeconds }), shared), Observer.layer)
const cached = CachedCustomerRepository.layer.pipe(Layer.provide(cache), Layer.provideMerge(storeInMemory))

customerCacheContract("Redis", cache)
rateLimiterContract("Redis", limiter)
attemptLimiterContract("Redis", attempts)
sessionStoreContract("Redis", sessions, { timeoutSeconds, advance: advance("customers:session*") })
membershipCacheContract("Redis", Layer.provide(RedisMembershipCache.layer({ timeToLiveSeconds: 1800 }), shared))
upstreamAnswersContract("Redis", Layer.provide(RedisUpstreamAnswers.layer(), shared))
customerRepositoryContract("memory behind Redis", cached)
customerDocumentsContract("memory behind Redis", cached)
