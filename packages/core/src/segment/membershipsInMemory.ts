import { DateTime, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerNotFound } from "../customer/CustomerErrors.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { keepChange, oneWriteAtATime, type Telling } from "../customer/memoryWriter.ts"
import { envelop } from "../event/EventEnvelope.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import { keepReview, membershipsIn } from "./keptMemberships.ts"
import type { CustomerMemberships, MembershipChange } from "./Membership.ts"
import { isDue } from "./MembershipView.ts"
import { replaceMark } from "./reviewMarksInMemory.ts"
import { segmentList } from "./SegmentMemory.ts"
import { type MemberQuery, type Reviewed, SegmentMemberships } from "./SegmentMemberships.ts"
import { haveTold, untoldOf } from "./untoldInMemory.ts"

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  const oneAtATime = yield* oneWriteAtATime
  const { customers, reviews } = memory

  const find = (id: CustomerId) => {
    const customer = customers.get(id)
    return customer === undefined
      ? Effect.fail(new CustomerNotFound({ customerId: id }))
      : Effect.succeed(membershipsIn(memory, customer))
  }

  const tellingOf = Effect.fnUntraced(
    function* ({ customer, events: moves }: MembershipChange, begun: DateTime.Utc, correlationId: string | undefined) {
      const { id, version } = customer
      // Never before what it follows from.
      const now = DateTime.max(begun, customer.updatedAt)
      const all = [...untoldOf(memory, customer), ...moves]
      const enveloped = envelop({ id, version, updatedAt: now }, all)
      const events = yield* Effect.provideService(enveloped, CorrelationId, correlationId)
      const telling: Telling = { events, correlationId, at: now }
      return telling
    },
    Effect.provideService(SecureRandom.SecureRandom, random)
  )

  const keep = (change: MembershipChange, telling: Telling): Reviewed => {
    const { audits, customer, reviewAt } = change
    keepChange(memory, { customer, events: [], consents: [], audits }, telling)
    haveTold(memory, customer.id)
    keepReview(memory, change)
    replaceMark(memory, customer.id, reviewAt)
    for (const { reviewed } of memory.comparisons.values()) reviewed.add(customer.id)
    const { change: _, ...current } = membershipsIn(memory, customer)
    return current
  }

  /** Everything is decided before anything is written, so that a decision with a flaw leaves nothing behind. */
  const reviewAll = Effect.fnUntraced(function* (
    due: ReadonlyArray<CustomerMemberships>,
    now: DateTime.Utc,
    decide: (current: CustomerMemberships) => MembershipChange
  ) {
    const changes = due.map((current) => ({ cause: current.change?.correlationId, change: decide(current) }))
    const decided = yield* Effect.forEach(changes, ({ cause, change }) =>
      Effect.map(tellingOf(change, now, cause), (telling) => [change, telling] as const)
    )
    return decided.map(([change, telling]) => keep(change, telling))
  })

  const dueAmong = (ids: Iterable<CustomerId>, now: DateTime.Utc): ReadonlyArray<CustomerMemberships> =>
    [...new Set(ids)]
      .flatMap((id) => customers.get(id) ?? [])
      .map((customer) => membershipsIn(memory, customer))
      .filter((current) => isDue(current, now))

  const members = ({ after, limit, segmentId }: MemberQuery) => {
    const behind = [...memory.memberships.keys()].filter((id) => after === undefined || id > after).sort()
    const all = behind.flatMap((id) => {
      const [customer, membership] = [customers.get(id), memory.memberships.get(id)?.get(segmentId)]
      return customer === undefined || membership === undefined ? [] : [{ customer, membership }]
    })
    const page = all.slice(0, limit)
    const last = page.at(-1)
    return all.length > limit && last !== undefined ? { members: page, next: last.customer.id } : { members: page }
  }

  return SegmentMemberships.of({
    find: (id) =>
      Effect.suspend(() =>
        Effect.map(find(id), (current) => ({
          current,
          segments: segmentList(memory),
          revision: memory.revision.last
        }))
      ),
    review: Effect.fnUntraced(function* (ids, now, decide) {
      const segments = segmentList(memory)
      return yield* reviewAll(dueAmong(ids, now), now, (current) => decide(segments, current))
    }, oneAtATime),
    reviewDue: Effect.fnUntraced(function* (most, now, decide) {
      const segments = segmentList(memory)
      const due = [...dueAmong(reviews.keys(), now)].sort(longestFirst).slice(0, most)
      return yield* reviewAll(due, now, (current) => decide(segments, current))
    }, oneAtATime),
    except: Effect.fnUntraced(function* (id, decide) {
      const current = yield* find(id)
      const change = yield* Effect.fromResult(decide(segmentList(memory), current))
      return keep(change, yield* tellingOf(change, change.customer.updatedAt, yield* CorrelationId))
    }, oneAtATime),
    members: (query) => Effect.sync(() => members(query))
  })
})

const longestFirst = (one: CustomerMemberships, other: CustomerMemberships): number =>
  (one.reviewAt?.epochMilliseconds ?? 0) - (other.reviewAt?.epochMilliseconds ?? 0)

/** Memberships of the customers in memory. */
export const layerMemory: Layer.Layer<SegmentMemberships, never, CustomerMemory | SecureRandom.SecureRandom> =
  Layer.effect(SegmentMemberships, make)
