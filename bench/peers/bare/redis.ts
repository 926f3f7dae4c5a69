import { Redis, type Result } from "ioredis"
import { gatherWrites } from "./gatherWrites.ts"
import { settings } from "./settings.ts"

const window = `
local limit, window, elapsed, width = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local current, previous = 0, 0
local value = redis.call('GET', KEYS[1])
if value then
  local w, c, p = string.match(value, '(%d+) (%d+) (%d+)')
  w = tonumber(w)
  if w == window then current, previous = tonumber(c), tonumber(p)
  elseif w == window - 1 then previous = tonumber(c) end
end
local allowed = current + previous * (1 - elapsed / width) + 1 <= limit
if allowed then
  redis.call('SET', KEYS[1], window .. ' ' .. (current + 1) .. ' ' .. previous, 'PX', 2 * width)
end`

const limitOnly = `${window}
return {current, previous}`

// One round trip for both: whoever is over the limit is not read for.
const limitAndGet = `${window}
return {current, previous, allowed and redis.call('GET', KEYS[2])}`

const putIfNewer = `
for _, key in ipairs(KEYS) do
  local version = string.match(redis.call('GETRANGE', key, 0, 32), '^{"version":(%d+)')
  if version and tonumber(version) > tonumber(ARGV[1]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[4], 'EX', ARGV[5])
return 1`

type Counts = [current: number, previous: number]

declare module "ioredis" {
  interface RedisCommander<Context> {
    limitOnly(key: string, limit: number, window: number, elapsed: number, width: number): Result<Counts, Context>
    limitAndGet(
      key: string,
      profileKey: string,
      limit: number,
      window: number,
      elapsed: number,
      width: number
    ): Result<[...Counts, string | null], Context>
    putIfNewer(
      profileKey: string,
      addressesKey: string,
      version: number,
      profile: string,
      profileSeconds: number,
      addresses: string,
      addressesSeconds: number
    ): Result<number, Context>
  }
}

const redis = new Redis(settings.redisUrl, { maxRetriesPerRequest: 0, connectionName: "bare" })
redis.defineCommand("limitOnly", { numberOfKeys: 1, lua: limitOnly })
redis.defineCommand("limitAndGet", { numberOfKeys: 2, lua: limitAndGet })
redis.defineCommand("putIfNewer", { numberOfKeys: 2, lua: putIfNewer })

const width = 60_000
const gather = gatherWrites()

/** One write for all commands of a turn: ioredis's own pipelining costs twice as much. */
const together = (): void => gather(redis.stream)

/** How a caller stands with her limit. */
export interface LimitState {
  readonly allowed: boolean
  readonly remaining: number
  readonly resetSeconds: number
}

const assess = (current: number, previous: number, elapsed: number, limit: number): LimitState => {
  const used = current + previous * (1 - elapsed / width)
  const allowed = used + 1 <= limit
  return {
    allowed,
    remaining: Math.max(0, Math.floor(limit - used - (allowed ? 1 : 0))),
    resetSeconds: Math.max(1, Math.ceil((width - elapsed) / 1000))
  }
}

/** Counts a call. */
export const consume = async (key: string, limit: number, now: number): Promise<LimitState> => {
  const elapsed = now % width
  together()
  const [current, previous] = await redis.limitOnly(key, limit, Math.floor(now / width), elapsed, width)
  return assess(current, previous, elapsed, limit)
}

/** Counts a call and reads a customer, as `{"version":…,"customer":…}`; the reply is for {@link stateOf}. */
export const consumeAndGet = (key: string, limit: number, now: number, id: string) => {
  together()
  return redis.limitAndGet(key, `customers:profile:${id}`, limit, Math.floor(now / width), now % width, width)
}

/** How a caller stands by the counts of a reply. */
export const stateOf = (reply: ReadonlyArray<number | string | null>, limit: number, now: number): LimitState =>
  assess(Number(reply[0]), Number(reply[1]), now % width, limit)

/** Puts a customer and her addresses, both JSON, unless a newer version is there. */
export const put = (id: string, version: number, customer: string, addresses: string): Promise<number> => {
  together()
  return redis.putIfNewer(
    `customers:profile:${id}`,
    `customers:addresses:${id}`,
    version,
    `{"version":${version},"customer":${customer}}`,
    settings.profileSeconds,
    `{"version":${version},"addresses":${addresses}}`,
    settings.addressesSeconds
  )
}

/** Resolves when Redis answers. */
export const ping = (): Promise<string> => redis.ping()

export const disconnect = (): void => redis.disconnect()
