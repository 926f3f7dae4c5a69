import { Effect } from "effect"
import type { Redis, Result } from "ioredis"
import { RedisUnavailable } from "./RedisConnection.ts"

// Puts customers, each only if nothing newer is there. Both values of a customer begin with her version, so that it
// can be compared without parsing the JSON. KEYS: for each her profile's key and her addresses'. ARGV: the seconds that
// each of the two lives, then for each her version and the two values; no addresses are put where theirs is empty.
const script = `
for i = 1, #KEYS / 2 do
  local version, profile, addresses = tonumber(ARGV[3 * i]), ARGV[3 * i + 1], ARGV[3 * i + 2]
  local isNewest = true
  for _, key in ipairs({ KEYS[2 * i - 1], KEYS[2 * i] }) do
    local present = string.match(redis.call('GETRANGE', key, 0, 32), '^{"version":(%d+)')
    if present and tonumber(present) > version then isNewest = false end
  end
  if isNewest then
    redis.call('SET', KEYS[2 * i - 1], profile, 'EX', ARGV[1])
    if addresses == '' then redis.call('DEL', KEYS[2 * i]) else redis.call('SET', KEYS[2 * i], addresses, 'EX', ARGV[2]) end
  end
end
return 1`

declare module "ioredis" {
  interface RedisCommander<Context> {
    putCustomersIfNewer(numberOfKeys: number, ...keysThenArguments: Array<string | number>): Result<number, Context>
  }
}

/** A customer's two values under their keys. */
export interface Put {
  readonly profileKey: string
  readonly addressesKey: string
  readonly version: number
  readonly profile: string
  readonly addresses: string
}

interface Waiting {
  readonly put: Put
  readonly resume: (done: Effect.Effect<void, RedisUnavailable>) => void
}

/** How many customers share one round trip at most: Redis answers nobody else while the script runs. */
const mostTogether = 32

/** Puts customers; those of one turn of the event loop travel together. The seconds say how long each value lives. */
export const makePuts = (client: Redis, profileSeconds: number, addressesSeconds: number) => {
  client.defineCommand("putCustomersIfNewer", { lua: script })
  let waiting: Array<Waiting> = []

  const send = (together: ReadonlyArray<Waiting>) => {
    const keys = together.flatMap(({ put }) => [put.profileKey, put.addressesKey])
    const values = together.flatMap(({ put }) => [put.version, put.profile, put.addresses])
    const finish = (done: Effect.Effect<void, RedisUnavailable>) => {
      for (const { resume } of together) resume(done)
    }
    client.putCustomersIfNewer(keys.length, ...keys, profileSeconds, addressesSeconds, ...values).then(
      () => finish(Effect.void),
      () => finish(Effect.fail(new RedisUnavailable({ command: "putCustomersIfNewer" })))
    )
  }

  const flush = () => {
    const gathered = waiting
    waiting = []
    for (let from = 0; from < gathered.length; from += mostTogether) send(gathered.slice(from, from + mostTogether))
  }

  return (put: Put): Effect.Effect<void, RedisUnavailable> =>
    Effect.callback((resume) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ put, resume })
    })
}
