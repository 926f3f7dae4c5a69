import { type CustomerId, HolderUnavailable, type PersonalDataHolder } from "@customer-service/core"
import { Effect, Option } from "effect"
import type { Result } from "ioredis"
import { RedisConnection, type RedisUnavailable } from "./RedisConnection.ts"

const name = "cache"

/** The entries of a customer, one key each: `<place>:<id>`. */
const places = ["customers:profile", "customers:addresses", "customers:segments"] as const

const legacyPlace = "customers:legacy"

/** How long a tombstone keeps slow readers from putting her back, in seconds. */
const tombstoneSeconds = 3600

// Puts a tombstone in the place of an entry, of its version if that is the newer one. KEYS: the entry. ARGV: the
// version, the server's run, the seconds that the tombstone lives. Answers 1 where there was more than a tombstone.
const bury = `
local present = redis.call('GET', KEYS[1]) or ''
local version = tonumber(ARGV[1])
local held = tonumber(string.match(present, '^{"version":(%d+)') or '0')
if held > version then version = held end
local text = '{"version":' .. string.format('%.0f', version) .. ',"run":"' .. ARGV[2] .. '"}'
redis.call('SET', KEYS[1], text, 'EX', ARGV[3])
if present == '' or string.match(present, '^{"version":%d+,"run":"%w+"}$') then return 0 end
return 1`

const tombstone = /^\{"version":\d+,"run":"\w+"\}$/

declare module "ioredis" {
  interface RedisCommander<Context> {
    buryCustomer(profileKey: string, version: number, run: string, seconds: number): Result<number, Context>
  }
}

const isPersonal = (text: string | null): text is string => text !== null && !tombstone.test(text)

const parse = Option.liftThrowable((text: string): unknown => JSON.parse(text))

/** What is cached in Redis of persons, by erasure and export. An erased customer leaves a tombstone with her version. */
export const make: Effect.Effect<PersonalDataHolder, never, RedisConnection> = Effect.gen(function* () {
  const { client, run, serverRun } = yield* RedisConnection
  client.defineCommand("buryCustomer", { lua: bury, numberOfKeys: 1 })

  const answering = <A>(answer: Effect.Effect<A, RedisUnavailable>) =>
    Effect.mapError(answer, () => new HolderUnavailable({ holder: name }))

  const entriesOf = (id: CustomerId) =>
    Effect.map(
      answering(run("GET", (redis) => Promise.all(places.map((place) => redis.get(`${place}:${id}`))))),
      (texts) =>
        places.flatMap((place, index) => {
          const text = texts[index] ?? null
          return isPersonal(text) ? [{ place, text }] : []
        })
    )

  const legacyKeys = (legacyId: number | undefined) => (legacyId === undefined ? [] : [`${legacyPlace}:${legacyId}`])

  return {
    name,
    erase: Effect.fnUntraced(function* ({ id, legacyId, version }) {
      const current = serverRun()
      if (current === undefined) return yield* new HolderUnavailable({ holder: name })
      const [profile, addresses, segments] = places
      const counts = yield* answering(
        run("buryCustomer", (redis) =>
          Promise.all([
            redis.buryCustomer(`${profile}:${id}`, version, current, tombstoneSeconds),
            redis.unlink(`${addresses}:${id}`),
            redis.buryCustomer(`${segments}:${id}`, version, current, tombstoneSeconds),
            ...legacyKeys(legacyId).map((key) => redis.unlink(key))
          ])
        )
      )
      return [...places, legacyPlace].map((place, index) => ({
        store: name,
        place,
        fields: ["value"],
        count: counts[index] ?? 0
      }))
    }),
    remainders: Effect.fnUntraced(function* ({ id, legacyId }) {
      const entries = yield* entriesOf(id)
      const mapped = yield* answering(
        run("EXISTS", (redis) => Promise.all(legacyKeys(legacyId).map((key) => redis.exists(key))))
      )
      const found = [
        ...entries.map(({ place }) => place),
        ...mapped.flatMap((count) => (count > 0 ? [legacyPlace] : []))
      ]
      return found.map((place) => ({ store: name, place, count: 1 }))
    }),
    exportOf: (id) =>
      Effect.map(entriesOf(id), (entries) =>
        entries.map(({ place, text }) => ({ place, value: Option.getOrElse(parse(text), () => text) }))
      )
  }
})
