import { RedisConnection, RedisPersonalData } from "@customer-service/adapters-redis"
import {
  cachedPersonalData,
  mailPersonalData,
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
    const cache = Option.isNone(redis)
      ? cachedPersonalData
      : Effect.provideService(RedisPersonalData.make, RedisConnection.RedisConnection, redis.value)
    return yield* Effect.all([cache, sessionPersonalData, mailPersonalData, upstreamPersonalData])
  })
)
