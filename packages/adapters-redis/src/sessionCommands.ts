import type { CustomerId, Session } from "@customer-service/core"
import type { Redis, Result } from "ioredis"

// Every script and every command here touches one key, so that the keys may be spread over a cluster.

/** A session's key; its value is the session as JSON, and its time to live what is left until it times out. */
export const sessionKey = (id: Session.SessionId): string => `customers:session:${id}`

/** The key of the index of a customer's sessions: their ids, by when each is over at the latest. */
export const indexKey = (customerId: CustomerId): string => `customers:sessions:${customerId}`

// Changes a session if it is still as it was read. KEYS: its key. ARGV: what was read, what it becomes, the
// milliseconds that it lives. Answers 1, or 0 where it is another by now or gone.
const change = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`

// Enters a session into its customer's index, and takes out those that are over for sure. An entry, and with it the
// index, outlives its session, whose time is started anew without the index being told each time. KEYS: the index.
// ARGV: the session's id, the milliseconds for which it is surely not over.
const enter = `
local now = redis.call('TIME')
local millis = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZADD', KEYS[1], millis + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. millis)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`

declare module "ioredis" {
  interface RedisCommander<Context> {
    changeSession(key: string, before: string, after: string, lifeMillis: number): Result<number, Context>
    enterSession(index: string, id: string, lifeMillis: number): Result<number, Context>
  }
}

/** Teaches a connection the two commands. */
export const defineCommands = (client: Redis): void => {
  client.defineCommand("changeSession", { lua: change, numberOfKeys: 1 })
  client.defineCommand("enterSession", { lua: enter, numberOfKeys: 1 })
}
