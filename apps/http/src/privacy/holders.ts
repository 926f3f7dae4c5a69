import { RedisConnection, RedisPersonalData } from "@customer-service/adapters-redis"
import {
  cachedPersonalData,
  mailPersonalData,
  membershipPersonalData,
  PersonalDataHolders,
  sessionPersonalData,
  upstreamPersonalData
} from "@customer-service/core"
import { Effect, Layer, Option } from "effect"

/** Everything that holds something of a customer beside the database: the cache, sessions, mails, answers. */
export const layer = Layer.effect(
  PersonalDataHolders,
  Effect.gen(function* () {
    const redis = yield* Effect.serviceOption(RedisConnection.RedisConnection)
    const caches = Option.isNone(redis)
      ? [cachedPersonalData, membershipPersonalData]
      : [Effect.provideService(RedisPersonalData.make, RedisConnection.RedisConnection, redis.value)]
    return yield* Effect.all([...caches, sessionPersonalData, mailPersonalData, upstreamPersonalData])
  })
)
