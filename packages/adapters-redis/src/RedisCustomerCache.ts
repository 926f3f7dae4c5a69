import { CustomerCache, type CustomerDocuments, type CustomerId, type LegacyId } from "@customer-service/core"
import { Effect, Layer, Option } from "effect"
import type { Redis } from "ioredis"
import { RedisConnection, type RedisUnavailable } from "./RedisConnection.ts"
import { makePuts } from "./RedisPuts.ts"
import * as RedisReads from "./RedisReads.ts"

/** How long entries live, in seconds. */
export interface TimeToLive {
  readonly profile: number
  readonly addresses: number
  readonly legacyMapping: number
}

const profileKey = (id: CustomerId) => `customers:profile:${id}`
const addressesKey = (id: CustomerId) => `customers:addresses:${id}`
const legacyKey = (legacyId: LegacyId) => `customers:legacy:${legacyId}`

// The server's run stands beside the version: a Redis that crashed comes back with what it had saved, which is not what
// it was last told. An entry of another run is therefore no answer, though its version still keeps older ones out.

type Entry = CustomerCache.CachedCustomer | CustomerCache.Tombstone

const profileText = ({ json, version }: Entry, run: string): string =>
  json === undefined
    ? `{"version":${version},"run":"${run}"}`
    : `{"version":${version},"run":"${run}","customer":${json}}`

const addressesText = (customer: Entry, run: string): string =>
  customer.json === undefined ? "" : `{"version":${customer.version},"run":"${run}","addresses":${customer.addresses}}`

/** So much of a profile's text shows its version and run. */
const headLength = 64
const headForm = /^\{"version":(\d+),"run":"(\w+)"/
const profileForm = /^\{"version":(\d+),"run":"(\w+)"(?:,"customer":|\}$)/
const addressesForm = /^\{"version":(\d+),"run":"(\w+)","addresses":/

type Profile = CustomerDocuments.DocumentText | CustomerCache.Tombstone

const readProfile = (text: string | null, run: string | undefined): Profile | undefined => {
  const header = text === null ? null : profileForm.exec(text)
  if (text === null || header === null || header[2] !== run) return undefined
  const version = Number(header[1])
  return header[0].endsWith("}") ? { version, json: undefined } : { version, json: text.slice(header[0].length, -1) }
}

const readVersion = (head: string, run: string): number | undefined => {
  const [, version, writtenIn] = headForm.exec(head) ?? []
  return writtenIn === run ? Number(version) : undefined
}

/** Both values as one entry: none where either is missing or where their versions differ. */
const readEntry = (values: ReadonlyArray<string | null>, run: string | undefined): Option.Option<Entry> => {
  const [profileValue = null, addressesValue = null] = values
  const profile = readProfile(profileValue, run)
  if (profile === undefined) return Option.none()
  if (profile.json === undefined) return Option.some(profile)
  const header = addressesValue === null ? null : addressesForm.exec(addressesValue)
  if (addressesValue === null || header === null || Number(header[1]) !== profile.version) return Option.none()
  return Option.some({ ...profile, addresses: addressesValue.slice(header[0].length, -1) })
}

/** Whoever's entry would not be read is left out: she is loaded when she is asked for. */
const versionsIn = (ids: ReadonlyArray<CustomerId>, heads: ReadonlyArray<string>, run: string) =>
  new Map(
    ids.flatMap((id, index) => {
      const version = readVersion(heads[index] ?? "", run)
      return version === undefined ? [] : [[id, version] as const]
    })
  )

const unavailable = () => new CustomerCache.CacheUnavailable()

const forget = async (client: Redis): Promise<void> => {
  for (const pattern of ["customers:profile:*", "customers:addresses:*"]) {
    for await (const keys of client.scanStream({ match: pattern, count: 1000 })) {
      if (keys.length > 0) await client.unlink(keys)
    }
  }
}

const make = (timeToLive: TimeToLive) =>
  Effect.gen(function* () {
    const { client, run, serverRun } = yield* RedisConnection
    const reads = yield* RedisReads.RedisReads
    const putIfNewer = makePuts(client, timeToLive.profile, timeToLive.addresses)

    /** Which run an answer is of shows when it is there: no answer of the next comes before the last connection ends. */
    const answered = <A, B>(question: Effect.Effect<A, RedisUnavailable>, read: (answer: A, run: string) => B) =>
      Effect.matchEffect(question, {
        onFailure: () => Effect.fail(unavailable()),
        onSuccess: (answer) => {
          const current = serverRun()
          return current === undefined ? Effect.fail(unavailable()) : Effect.succeed(read(answer, current))
        }
      })

    return CustomerCache.CustomerCache.of({
      get: (id) =>
        answered(
          run("MGET", (redis) => redis.mget(profileKey(id), addressesKey(id))),
          readEntry
        ),
      getDocument: (id) =>
        answered(reads.get(profileKey(id)), (text, current) => Option.fromUndefinedOr(readProfile(text, current))),
      put: (id, customer) =>
        Effect.suspend(() => {
          const current = serverRun()
          if (current === undefined) return Effect.fail(unavailable())
          const put = {
            profileKey: profileKey(id),
            addressesKey: addressesKey(id),
            version: customer.version,
            profile: profileText(customer, current),
            addresses: addressesText(customer, current)
          }
          return Effect.mapError(putIfNewer(put), unavailable)
        }),
      findByLegacyId: (legacyId) =>
        Effect.mapBoth(
          run("GET", (redis) => redis.get(legacyKey(legacyId))),
          { onFailure: unavailable, onSuccess: (id) => Option.fromNullishOr(id as CustomerId | null) }
        ),
      putLegacyId: (legacyId, id) =>
        Effect.mapBoth(
          run("SET", (redis) => redis.set(legacyKey(legacyId), id, "EX", timeToLive.legacyMapping)),
          { onFailure: unavailable, onSuccess: () => undefined }
        ),
      forgetLegacyId: (legacyId) =>
        Effect.mapBoth(
          run("UNLINK", (redis) => redis.unlink(legacyKey(legacyId))),
          { onFailure: unavailable, onSuccess: () => undefined }
        ),
      findVersions: (ids) =>
        answered(
          run("GETRANGE", (redis) => Promise.all(ids.map((id) => redis.getrange(profileKey(id), 0, headLength - 1)))),
          (heads, current) => versionsIn(ids, heads, current)
        ),
      clear: Effect.mapError(run("SCAN", forget), unavailable)
    })
  })

/** The customer cache in Redis, under the specification's keys. */
export const layer = (
  timeToLive: TimeToLive = { profile: 3600, addresses: 7200, legacyMapping: 86_400 }
): Layer.Layer<CustomerCache.CustomerCache, never, RedisConnection> =>
  Layer.effect(CustomerCache.CustomerCache, make(timeToLive)).pipe(Layer.provide(RedisReads.layer))
