import { CachedCustomerRepository } from "@customer-service/core"
import {
  customerCacheContract,
  customerDocumentsContract,
  customerRepositoryContract,
  rateLimiterContract
} from "@customer-service/core/testing"
import { Layer } from "effect"
import * as RedisCustomerCache from "../src/RedisCustomerCache.ts"
import * as RedisRateLimiter from "../src/RedisRateLimiter.ts"
import { shared } from "./support/servers.ts"
import { storeInMemory } from "./support/Store.ts"

const cache = Layer.provide(RedisCustomerCache.layer(), shared)
const limiter = Layer.provide(RedisRateLimiter.layer, shared)
const cached = CachedCustomerRepository.layer.pipe(Layer.provide(cache), Layer.provideMerge(storeInMemory))

customerCacheContract("Redis", cache)
rateLimiterContract("Redis", limiter)
customerRepositoryContract("memory behind Redis", cached)
customerDocumentsContract("memory behind Redis", cached)
