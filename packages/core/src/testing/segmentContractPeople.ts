import { type DateTime, Effect } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { NewCustomer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import * as MembershipDecisions from "../segment/MembershipDecisions.ts"
import type { Operator, Rule } from "../segment/rule/Rule.ts"
import type { RuleMatches } from "../segment/RuleMatches.ts"
import { makeSegmentId, type Segment, type SegmentId, SegmentName } from "../segment/Segment.ts"
import * as SegmentDecisions from "../segment/SegmentDecisions.ts"
import type { NewSegment, SegmentChanges } from "../segment/SegmentInput.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import { type RecomputeStep, SegmentRecomputes } from "../segment/SegmentRecomputes.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import { SecureRandom } from "effect/crypto"
import type { StandingServices } from "./customerStandingsContractPeople.ts"
import { at } from "./inboxContractMessages.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshWord, registration } from "./strangers.ts"

/** What the contracts around segments work with, beside whatever else changes the customers who belong to them. */
export type SegmentServices = RuleMatches | SegmentMemberships | SegmentRecomputes | SegmentStore | StandingServices

/** When reviews and recomputes happen unless a test says otherwise: after everything that a test has written. */
export const reviewedAt = at(7200)

export const freshSegmentId: Effect.Effect<SegmentId> = Effect.provide(makeSegmentId, SecureRandom.layerWebCrypto)

/** The name of a segment that there is not yet. */
export const freshName = (start = "s"): SegmentName => SegmentName.make(`${start}-${freshWord()}`)

/** A rule that fits those of one group alone: a store may hold the people of other tests. */
export const inGroup = (group: string): Rule => ({ field: "profile.data.group", op: "eq", value: group })

/** Those of a group with such a score. */
export const scoring = (group: string, op: Operator, value: number | ReadonlyArray<number>): Rule => ({
  all: [inGroup(group), { field: "profile.data.score", op, value }]
})

/** A new customer of a group. */
export const person = Effect.fnUntraced(function* (group: string, score = 0, more: Partial<NewCustomer> = {}) {
  const repository = yield* CustomerRepository
  const { id } = yield* repository.insert(registration({ ...more, profile: { data: { group, score } } }))
  return id
})

/** New customers of a group, with scores from 0 upwards. */
export const people = (group: string, count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, score) => score),
    (score) => person(group, score)
  )

export const setScore = Effect.fnUntraced(function* (id: CustomerId, score: number) {
  const repository = yield* CustomerRepository
  const changes = { profile: { data: { score } } }
  return yield* repository.modify(id, (current) => Decisions.update(current, changes, circumstances(60)))
})

/** Closes her account. */
export const close = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  return yield* repository.modify(id, (current) => Decisions.deactivate(current, circumstances(90), 30))
})

/** Reviews up to so many whose time has come by `now`; answers who they were. */
export const reviewSome = Effect.fnUntraced(function* (most: number, now: DateTime.Utc = reviewedAt) {
  const memberships = yield* SegmentMemberships
  const reviewed = yield* memberships.reviewDue(most, now, (segments, current) =>
    MembershipDecisions.review(segments, current, now)
  )
  return reviewed.map(({ customer }) => customer.id)
})

/** Reviews everybody whose time has come by `now`. */
export const settle = Effect.fnUntraced(function* (now: DateTime.Utc = reviewedAt) {
  const all: Array<CustomerId> = []
  for (let some = yield* reviewSome(100, now); some.length > 0; some = yield* reviewSome(100, now)) all.push(...some)
  return all
})

/** Reviews these, whose time has come. */
export const reviewThese = Effect.fnUntraced(function* (
  ids: ReadonlyArray<CustomerId>,
  now: DateTime.Utc = reviewedAt
) {
  const memberships = yield* SegmentMemberships
  return yield* memberships.review(ids, now, (segments, current) => MembershipDecisions.review(segments, current, now))
})

/** The next step of recomputes that does something. */
export const step = Effect.fnUntraced(function* (most: number, now: DateTime.Utc = reviewedAt) {
  const recomputes = yield* SegmentRecomputes
  for (let done = yield* recomputes.step(most, now); ; done = yield* recomputes.step(most, now)) {
    if (done?.state !== "waiting") return done
  }
})

/** Goes on with recomputes until none is left. */
export const recompute = Effect.fnUntraced(function* (most = 1000, now: DateTime.Utc = reviewedAt) {
  const steps: Array<RecomputeStep> = []
  for (let done = yield* step(most, now); done !== undefined; done = yield* step(most, now)) steps.push(done)
  return steps
})

/** Writes a segment that follows from the input; who belongs to it is still to be found out. */
export const writeSegment = Effect.fnUntraced(function* (input: NewSegment) {
  const store = yield* SegmentStore
  const id = yield* freshSegmentId
  return yield* store.write((segments) => SegmentDecisions.create(segments, input, id, at(0)))
})

/** A segment to which those belong already whom its rule fits. */
export const segmentOf = Effect.fnUntraced(function* (rule: Rule, name: SegmentName = freshName()) {
  const store = yield* SegmentStore
  yield* writeSegment({ name, rule })
  yield* recompute()
  return yield* store.find(name)
})

/** A segment that is filled by hand. */
export const manualSegment = Effect.suspend(() => writeSegment({ name: freshName(), kind: "manual" }))

export const changeSegment = Effect.fnUntraced(function* ({ id }: Pick<Segment, "id">, changes: SegmentChanges) {
  const store = yield* SegmentStore
  return yield* store.write((segments) => SegmentDecisions.update(segments, id, changes, undefined, at(120)))
})

export const removeSegment = Effect.fnUntraced(function* ({ id }: Pick<Segment, "id">) {
  const store = yield* SegmentStore
  return yield* store.write((segments) => SegmentDecisions.remove(segments, id, undefined, at(180)))
})

/** Puts a colleague's word in the place of what the rule says of her. */
export const except = Effect.fnUntraced(function* (
  id: CustomerId,
  { id: segmentId }: Pick<Segment, "id">,
  member: boolean | null,
  more: { readonly reason?: string; readonly expiresAt?: DateTime.Utc } = {}
) {
  const memberships = yield* SegmentMemberships
  const word = { member, reason: "agreed with the key account team", ...more }
  return yield* memberships.except(id, (segments, current) =>
    MembershipDecisions.except(segments, current, segmentId, word, circumstances(90))
  )
})

/** What is known of her memberships. */
export const known = (id: CustomerId) => Effect.flatMap(SegmentMemberships, (memberships) => memberships.find(id))

export const isMember = (id: CustomerId, segment: Pick<Segment, "id">) =>
  Effect.map(known(id), ({ current }) => current.memberships.has(segment.id))

/** Those of these who belong to a segment. */
export const membersAmong = (ids: ReadonlyArray<CustomerId>, segment: Pick<Segment, "id">) =>
  Effect.filter(ids, (id) => isMember(id, segment))

/** The names of the segments that she belongs to. */
export const belongings = Effect.fnUntraced(function* (id: CustomerId) {
  const { current, segments } = yield* known(id)
  return segments.filter((segment) => current.memberships.has(segment.id)).map(({ name }) => name as string)
})

const isOf = (data: unknown, segment: string): data is { readonly to: string; readonly ruleVersion?: number } =>
  typeof data === "object" && data !== null && "segment" in data && data.segment === segment

/** What was told of her about a segment, in order: that she came or left, and by which version of its rule. */
export const toldOf = Effect.fnUntraced(function* (id: CustomerId, { name }: Pick<Segment, "name">) {
  const facts = yield* StoredFacts
  const events = yield* facts.events(id)
  return events.flatMap(({ envelope: { data } }) => {
    if (!isOf(data, name)) return []
    const { ruleVersion, to } = data
    return [`${to === "member" ? "joined" : "left"} by ${ruleVersion ?? "hand"}`]
  })
})
