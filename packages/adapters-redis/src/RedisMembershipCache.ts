import { CustomerCache, type CustomerId, MembershipCache } from "@customer-service/core"
import { Effect, Layer, Option } from "effect"
import type { Result } from "ioredis"
import { RedisConnection, type RedisUnavailable } from "./RedisConnection.ts"

export interface MembershipCacheSettings {
  /** Seconds for which memberships are kept. */
  readonly timeToLiveSeconds: number
}

type Cached = MembershipCache.CachedMemberships

const keyOf = (id: CustomerId): string => `customers:segments:${id}`

// The numbers stand first, so that a script can compare them without parsing the JSON; 0 stands for no moment.
const textOf = ({ json, revision, until = 0, version }: Cached): string =>
  `{"version":${version},"revision":${revision},"until":${until},"memberships":${json}}`

const form = /^\{"version":(\d{1,10}),"revision":(\d{1,15}),"until":(\d{1,15}),"memberships":(.*)\}$/s

const read = (text: string | null): Option.Option<Cached> => {
  const [, version, revision, until, json] = form.exec(text ?? "") ?? []
  if (json === undefined) return Option.none()
  const moment = Number(until)
  return Option.some({
    version: Number(version),
    revision: Number(revision),
    ...(moment === 0 ? {} : { until: moment }),
    json
  })
}

// Puts memberships unless newer ones are there, or the tombstone of somebody who was erased. KEYS: the memberships.
// ARGV: version, revision, the value, the seconds that it lives.
const put = `
local present = redis.call('GETRANGE', KEYS[1], 0, 63)
local version = tonumber(string.match(present, '^{"version":(%d+)') or '0')
local revision = tonumber(string.match(present, '^{"version":%d+,"revision":(%d+)') or '0')
local isOlder = version > tonumber(ARGV[1]) or (version == tonumber(ARGV[1]) and revision > tonumber(ARGV[2]))
if isOlder then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[4])
return 1`

// Takes memberships out; the tombstone of somebody who was erased stays. KEYS: the memberships.
const forget = `
if string.match(redis.call('GETRANGE', KEYS[1], 0, 63), '^{"version":%d+,"revision":') then
  return redis.call('UNLINK', KEYS[1])
end
return 0`

declare module "ioredis" {
  interface RedisCommander<Context> {
    forgetMemberships(key: string): Result<number, Context>
    putMembershipsIfNewer(
      key: string,
      version: number,
      revision: number,
      value: string,
      seconds: number
    ): Result<number, Context>
  }
}

const orUnavailable = <A>(answer: Effect.Effect<A, RedisUnavailable>) =>
  Effect.mapError(answer, () => new CustomerCache.CacheUnavailable())

/** Memberships in Redis, for all processes together: `customers:segments:{id}`. */
export const layer = ({
  timeToLiveSeconds
}: MembershipCacheSettings): Layer.Layer<MembershipCache.MembershipCache, never, RedisConnection> =>
  Layer.effect(
    MembershipCache.MembershipCache,
    Effect.gen(function* () {
      const { client, run } = yield* RedisConnection
      client.defineCommand("putMembershipsIfNewer", { lua: put, numberOfKeys: 1 })
      client.defineCommand("forgetMemberships", { lua: forget, numberOfKeys: 1 })
      return MembershipCache.MembershipCache.of({
        get: (id) => Effect.map(orUnavailable(run("GET", (redis) => redis.get(keyOf(id)))), read),
        put: (id, memberships) => {
          const { revision, version } = memberships
          const putting = run("putMembershipsIfNewer", (redis) =>
            redis.putMembershipsIfNewer(keyOf(id), version, revision, textOf(memberships), timeToLiveSeconds)
          )
          return Effect.asVoid(orUnavailable(putting))
        },
        forget: (id) =>
          Effect.asVoid(orUnavailable(run("forgetMemberships", (redis) => redis.forgetMemberships(keyOf(id)))))
      })
    })
  )
