import { Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import * as AccessToken from "../src/identity/AccessToken.ts"
import * as PasswordHasher from "../src/identity/PasswordHasher.ts"
import * as RateLimiter from "../src/request/RateLimiter.ts"
import { accessTokenContract } from "../src/testing/accessTokenContract.ts"
import { customerCacheContract } from "../src/testing/customerCacheContract.ts"
import { customerDocumentsContract } from "../src/testing/customerDocumentsContract.ts"
import { customerRepositoryContract } from "../src/testing/customerRepositoryContract.ts"
import { passwordHasherContract } from "../src/testing/passwordHasherContract.ts"
import { rateLimiterContract } from "../src/testing/rateLimiterContract.ts"
import { cachedMemory, memory } from "./memoryLayers.ts"

customerRepositoryContract("memory", memory)
customerRepositoryContract("memory behind a cache", cachedMemory)
customerDocumentsContract("memory", memory)
customerDocumentsContract("memory behind a cache", cachedMemory)
customerCacheContract("memory", CustomerCache.layerMemory())
rateLimiterContract("memory", RateLimiter.layerMemory)
passwordHasherContract("memory", PasswordHasher.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)))
accessTokenContract("memory", AccessToken.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)))
