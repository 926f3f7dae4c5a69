import {
  CustomerDecisions,
  type CustomerId,
  CustomerRepository,
  MembershipDecisions,
  type Rule,
  SegmentDecisions,
  SegmentId,
  SegmentMemberships,
  SegmentName,
  SegmentRecomputes,
  SegmentStore
} from "@customer-service/core"
import { circumstances, freshWord, registration, StoredFacts } from "@customer-service/core/testing"
import { Array, Effect } from "effect"
import { SecureRandom } from "effect/crypto"

type Customers = CustomerRepository.CustomerRepository["Service"]
type Memberships = SegmentMemberships.SegmentMemberships["Service"]
type Recomputes = SegmentRecomputes.SegmentRecomputes["Service"]

/** When reviews and recomputes happen: after everything that is written. */
export const { now: reviewedAt } = circumstances(7200)

/** A rule that fits whoever has this level. */
export const ofLevel = (level: number): Rule => ({ field: "profile.data.level", op: "eq", value: level })

export const setLevel = (customers: Customers, id: CustomerId, level: number) =>
  customers.modify(id, (current) =>
    CustomerDecisions.update(current, { profile: { data: { level } } }, circumstances(60))
  )

/** New customers of a level, with nothing left to be looked at. */
export const peopleOf = Effect.fnUntraced(function* (level: number, count: number) {
  const customers = yield* CustomerRepository.CustomerRepository
  const changes = Array.makeBy(count, () => registration({ profile: { data: { level } } }))
  const people = yield* Effect.forEach(changes, (change) => customers.insert(change))
  yield* settle(yield* SegmentMemberships.SegmentMemberships)
  return people.map(({ id }) => id)
})

export const someoneOf = (level: number) => Effect.map(peopleOf(level, 1), ([id]) => id as CustomerId)

/** Reviews these. */
export const review = (memberships: Memberships, ids: ReadonlyArray<CustomerId>) =>
  memberships.review(ids, reviewedAt, (segments, current) => MembershipDecisions.review(segments, current, reviewedAt))

/** Reviews everybody whose time has come whom nobody else is changing; answers whom. */
export const settle = Effect.fnUntraced(function* (memberships: Memberships) {
  const all: Array<CustomerId> = []
  while (true) {
    const reviewed = yield* memberships.reviewDue(10, reviewedAt, (segments, current) =>
      MembershipDecisions.review(segments, current, reviewedAt)
    )
    all.push(...reviewed.map(({ customer }) => customer.id))
    if (reviewed.length === 0) return all
  }
})

/** A segment whose members are still to be found. */
export const newSegment = Effect.fnUntraced(function* (rule: Rule) {
  const store = yield* SegmentStore.SegmentStore
  const input = { name: SegmentName.make(`s-${freshWord()}`), rule }
  const id = SegmentId.make(SecureRandom.uuidV7Unsafe())
  return yield* store.write((segments) => SegmentDecisions.create(segments, input, id, circumstances().now))
})

/** Goes on with recomputes until none is left, or a step is as asked. */
export const recompute = Effect.fnUntraced(function* (
  recomputes: Recomputes,
  until: (state: string) => boolean = () => false,
  most = 3
) {
  while (true) {
    const done = yield* recomputes.step(most, reviewedAt)
    if (done === undefined || until(done.state)) return done
  }
})

export const isMember = Effect.fnUntraced(function* (id: CustomerId, segmentId: SegmentId) {
  const memberships = yield* SegmentMemberships.SegmentMemberships
  return (yield* memberships.find(id)).current.memberships.has(segmentId)
})

const isOf = (data: unknown, name: string): data is { readonly to: string } =>
  typeof data === "object" && data !== null && "segment" in data && data.segment === name

/** What was told of her about a segment, in order. */
export const toldOf = Effect.fnUntraced(function* (id: CustomerId, name: string) {
  const facts = yield* StoredFacts
  const events = yield* facts.events(id)
  return events.flatMap(({ envelope: { data } }) => (isOf(data, name) ? data.to : []))
})
