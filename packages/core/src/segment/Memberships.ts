import { DateTime, Effect, Option, Result, Schema } from "effect"
import { CacheUpkeep } from "../customer/CacheUpkeep.ts"
import type { Customer, ExpectedVersion } from "../customer/Customer.ts"
import { ActionForbidden } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import * as Customers from "../customer/Customers.ts"
import { CurrentActor, itself } from "../request/Actor.ts"
import * as MembershipDecisions from "./MembershipDecisions.ts"
import { MembershipCache } from "./MembershipCache.ts"
import { explainMembership } from "./MembershipExplanation.ts"
import { isDue, MembershipView, membershipViews, withoutNotes } from "./MembershipView.ts"
import type { MembershipWord } from "./MembershipWord.ts"
import type { Facts } from "./rule/Facts.ts"
import { searchLimits } from "./rule/whatWouldChange.ts"
import type { Segment } from "./Segment.ts"
import { SegmentNotFound } from "./SegmentErrors.ts"
import { findIn } from "./SegmentDecisions.ts"
import { type KnownMemberships, SegmentMemberships } from "./SegmentMemberships.ts"
import { staffAlone } from "./Segments.ts"
import { SegmentWatch } from "./SegmentWatch.ts"

const Views = Schema.fromJsonString(Schema.Array(MembershipView))
const encodeViews = Schema.encodeSync(Views)
const decodeViews = Schema.decodeUnknownOption(Views)

/** What is known of her memberships now that whatever was due has been looked at. */
export const current = Effect.fnUntraced(function* (id: CustomerId) {
  const memberships = yield* SegmentMemberships
  while (true) {
    const known = yield* memberships.find(id)
    const now = yield* DateTime.now
    if (!isDue(known.current, now)) return known
    const reviewed = memberships.review([id], now, (segments, state) =>
      MembershipDecisions.review(segments, state, now)
    )
    // Whoever reads is not who moved her.
    yield* Effect.provideService(reviewed, CurrentActor, itself("system"))
  }
})

/** What stands in the cache, as far as nothing has changed since; a cache that does not answer is gone without. */
const cached = Effect.fnUntraced(function* ({ id, version }: Customer) {
  const [cache, watch] = [yield* MembershipCache, yield* SegmentWatch]
  const revision = watch.revision()
  if (revision === undefined) return Option.none()
  const now = yield* DateTime.now
  const entry = Option.flatten(yield* Effect.option(cache.get(id)))
  return Option.flatMap(entry, (kept) =>
    kept.version >= version && kept.revision >= revision && (kept.until ?? Infinity) > now.epochMilliseconds
      ? decodeViews(kept.json)
      : Option.none()
  )
})

const keep = Effect.fnUntraced(function* (
  { current: { customer, reviewAt }, revision }: KnownMemberships,
  views: ReadonlyArray<MembershipView>
) {
  const cache = yield* MembershipCache
  const until = reviewAt === undefined ? {} : { until: reviewAt.epochMilliseconds }
  yield* Effect.ignore(
    cache.put(customer.id, { version: customer.version, revision, ...until, json: encodeViews(views) })
  )
})

const loaded = Effect.fnUntraced(function* (id: CustomerId) {
  const known = yield* current(id)
  const views = membershipViews(known.current, known.segments)
  yield* keep(known, views)
  return views
})

/** The segments that a customer belongs to, by their names; closed accounts are shown to admins alone. */
export const of = Effect.fn("Memberships.of")(function* (id: CustomerId) {
  const customer = yield* Customers.get(id)
  const kept = yield* cached(customer)
  const views = Option.isSome(kept) ? kept.value : yield* loaded(id)
  return (yield* CurrentActor).kind === "customer" ? withoutNotes(views) : views
})

const segmentIn = (segments: ReadonlyArray<Segment>, reference: string): Result.Result<Segment, SegmentNotFound> => {
  const segment = findIn(segments, reference)
  return segment === undefined || segment.isLeaving
    ? Result.fail(new SegmentNotFound({ segment: reference }))
    : Result.succeed(segment)
}

const factsOf = ({ current: { customer, lastOrderAt, memberships }, segments }: KnownMemberships): Facts => {
  const names = segments.flatMap(({ id, name }) => (memberships.has(id) ? [name] : []))
  return { customer, lastOrderAt, segments: new Set(names) }
}

/**
 * Why a customer belongs to a segment, or does not, by the rule in force, for services and staff: a rule may name other
 * customers, and is the shop's own business. Closed accounts are shown to admins alone. Fails with `ActionForbidden`,
 * `CustomerNotFound` or `SegmentNotFound`.
 */
export const explain = Effect.fn("Memberships.explain")(function* (id: CustomerId, reference: string) {
  yield* Customers.get(id)
  if ((yield* CurrentActor).kind === "customer") {
    return yield* new ActionForbidden({ reason: "explanations are for services and staff" })
  }
  const known = yield* current(id)
  const segment = yield* Effect.fromResult(segmentIn(known.segments, reference))
  const exception = known.current.exceptions.get(segment.id)
  const { maxAddresses } = yield* CustomerPolicy
  const limits = { ...searchLimits, maxAddresses }
  const now = yield* DateTime.now
  return explainMembership(segment, factsOf(known), exception, now, limits)
})

/**
 * Puts a colleague's word in the place of what a segment's rule says of a customer, or ends it. Fails with
 * `ActionForbidden`, `SegmentNotFound`, `InvalidInput` or `VersionConflict`.
 */
export const except = Effect.fn("Memberships.except")(function* (
  id: CustomerId,
  reference: string,
  word: MembershipWord,
  expectedVersion?: ExpectedVersion
) {
  yield* staffAlone
  const [memberships, cache, upkeep] = [yield* SegmentMemberships, yield* MembershipCache, yield* CacheUpkeep]
  const when = { actor: yield* CurrentActor, now: yield* DateTime.now, expectedVersion }
  const { customer } = yield* memberships
    .except(id, (segments, state) =>
      Result.flatMap(segmentIn(segments, reference), (segment) =>
        MembershipDecisions.except(segments, state, segment.id, word, when)
      )
    )
    .pipe(
      Effect.tap((reviewed) => upkeep.note([reviewed.customer])),
      Effect.tap(() => Effect.ignore(cache.forget(id))),
      Effect.uninterruptible
    )
  return { customer, memberships: yield* loaded(id) }
})
