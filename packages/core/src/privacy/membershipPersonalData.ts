import { Effect, Option } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { type CachedMemberships, MembershipCache, noMemberships } from "../segment/MembershipCache.ts"
import { HolderUnavailable, type PersonalDataHolder } from "./PersonalDataHolder.ts"

const name = "membership cache"
const place = "memberships"

const answering = Effect.mapError(() => new HolderUnavailable({ holder: name }))

const parse = (text: string): unknown => JSON.parse(text)

/**
 * The memberships in a cache. An erased customer leaves an entry of her last version without any, so that no slow reader
 * brings them back.
 */
export const membershipPersonalData: Effect.Effect<PersonalDataHolder, never, MembershipCache> = Effect.map(
  MembershipCache,
  (cache) => {
    const held = (id: CustomerId) =>
      Effect.map(
        answering(cache.get(id)),
        Option.filter(({ json }: CachedMemberships) => json !== noMemberships)
      )

    return {
      name,
      erase: Effect.fnUntraced(function* ({ id, version }) {
        const found = yield* held(id)
        yield* answering(cache.put(id, { version, revision: Number.MAX_SAFE_INTEGER, json: noMemberships }))
        return Option.isNone(found) ? [] : [{ store: name, place, fields: ["memberships"], count: 1 }]
      }),
      remainders: ({ id }) =>
        Effect.map(held(id), (found) => (Option.isNone(found) ? [] : [{ store: name, place, count: 1 }])),
      exportOf: (id) => Effect.map(held(id), (found) => Option.toArray(found).map(({ json }) => parse(json)))
    }
  }
)
