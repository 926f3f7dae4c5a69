import { assert } from "@effect/vitest"
import { Array, DateTime, Effect, Exit } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { CustomerMemberships, MembershipChange } from "../segment/Membership.ts"
import { type Segment, SegmentName } from "../segment/Segment.ts"
import { membershipMoved } from "../segment/membershipMoves.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  belongings,
  except,
  isMember,
  known,
  manualSegment,
  people,
  person,
  recompute,
  reviewedAt,
  reviewSome,
  reviewThese,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  setScore,
  toldOf
} from "./segmentContractPeople.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { bringing, circumstances, freshWord, plain, registration } from "./strangers.ts"

const atOnce = { concurrency: "unbounded" } as const

const newcomers = { name: SegmentName.make("new-customers") }

/** Somebody who came so many days before everybody else. */
const early = Effect.fnUntraced(function* (days: number) {
  const repository = yield* CustomerRepository
  const change = registration()
  const createdAt = DateTime.subtract(circumstances().now, { days })
  return (yield* repository.insert({ ...change, customer: { ...change.customer, createdAt } })).id
})

/** A point more for her. */
const oneMore = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  yield* repository.modify(id, (current) => {
    const score = Number(current.profile.data?.score) + 1
    return Decisions.update(current, { profile: { data: { score } } }, circumstances(60))
  })
})

const everythingOf = Effect.fnUntraced(function* (id: CustomerId) {
  const facts = yield* StoredFacts
  const { current } = yield* known(id)
  return JSON.parse(
    JSON.stringify({
      ...current,
      customer: plain(current.customer),
      memberships: [...current.memberships],
      exceptions: [...current.exceptions],
      events: yield* facts.events(id),
      audits: yield* facts.audits(id)
    })
  )
})

/** Whoever is not tampered with joins these segments, with an exception and an audit each; the others break it. */
const joining =
  (segments: ReadonlyArray<Segment>) =>
  (broken: CustomerId | undefined) =>
  (_: unknown, { customer }: CustomerMemberships): MembershipChange => {
    if (customer.id === broken) throw new Error("a decision with a flaw")
    const made = { member: true, reason: "a word", by: "ada", at: reviewedAt }
    return {
      customer,
      joins: segments.map(({ id }) => ({ segmentId: id, since: reviewedAt, by: "hand" })),
      leaves: [],
      stays: [],
      made: segments.map(({ id }) => ({ ...made, segmentId: id })),
      over: [],
      events: segments.map((segment) => membershipMoved(customer, segment, true, "a word")),
      audits: [{ action: "membership_excepted", actorKind: "staff", actor: "ada", reason: "a word", at: reviewedAt }]
    }
  }

/** What reviews do, and when. */
export const reviewing = (it: ContractSuite<SegmentServices>): void => {
  it.effect("a review that time asks for comes at its moment and not before", () =>
    Effect.gen(function* () {
      yield* recompute()
      const [first, second] = [yield* early(29), yield* early(28)]
      yield* settle()
      const moment = DateTime.add(circumstances().now, { days: 1 })
      assert.deepStrictEqual((yield* known(first)).current.reviewAt, moment)
      assert.isUndefined((yield* known(first)).current.change)
      const justBefore = DateTime.subtract(moment, { milliseconds: 1 })
      const among = (reviewed: ReadonlyArray<CustomerId>) => reviewed.filter((id) => id === first || id === second)
      assert.deepStrictEqual(among(yield* settle(justBefore)), [])
      assert.deepStrictEqual(yield* reviewThese([first, second], justBefore), [])
      assert.deepStrictEqual(among(yield* settle(moment)), [first])
      assert.deepStrictEqual(
        [yield* belongings(first), yield* belongings(second)].map((all) => all.includes("new-customers")),
        [false, true]
      )
      assert.deepStrictEqual(yield* toldOf(first, newcomers), ["joined by 1", "left by 1"])
      assert.isUndefined((yield* known(first)).current.reviewAt)
      assert.deepStrictEqual(yield* reviewThese([first], DateTime.add(moment, { days: 100 })), [])
    })
  )

  it.effect("those are reviewed first who wait longest", () =>
    Effect.gen(function* () {
      yield* recompute()
      const ids = [yield* early(20), yield* early(24), yield* early(22)]
      yield* settle()
      const later = DateTime.add(circumstances().now, { days: 20 })
      const reviewed: Array<CustomerId> = []
      for (let some = yield* reviewSome(1, later); some.length > 0; some = yield* reviewSome(1, later)) {
        reviewed.push(...some)
      }
      assert.deepStrictEqual(
        reviewed.filter((id) => ids.includes(id)),
        [1, 2, 0].flatMap((place) => ids[place] ?? [])
      )
    })
  )

  it.effect("a review takes each customer once, also of two at a time", () =>
    Effect.gen(function* () {
      yield* settle()
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 0))
      const ids = yield* people(group, 14)
      assert.isAtMost((yield* reviewSome(2)).length, 2)
      const named = Effect.map(reviewThese(ids.slice(0, 7)), (all) => all.map(({ customer }) => customer.id))
      const round = Effect.map(Effect.all([named, ...Array.replicate(reviewSome(3), 5), named], atOnce), (all) =>
        all.flat()
      )
      const reviewed: Array<CustomerId> = []
      for (let some = yield* round; some.length > 0; some = yield* round) reviewed.push(...some)
      assert.strictEqual(new Set(reviewed).size, reviewed.length)
      for (const id of ids) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1"])
    })
  )

  it.effect("a review and a change of the same customer lose nothing of each other", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "in", [5, 6, 7, 13, 20]))
      const id = yield* person(group)
      const changes = Array.replicate(oneMore(id), 20)
      const reviews = Array.replicate(Effect.asVoid(reviewThese([id])), 10)
      yield* Effect.all([...changes.slice(0, 10), ...reviews, ...changes.slice(10)], { ...atOnce, discard: true })
      yield* settle()
      const customer = yield* repository.get(id)
      assert.deepStrictEqual([customer.version, customer.profile.data?.score], [21, 20])
      assert.isTrue(yield* isMember(id, segment))
      const told = yield* toldOf(id, segment)
      assert.deepStrictEqual(
        told,
        told.map((_, place) => (place % 2 === 0 ? "joined by 1" : "left by 1"))
      )
      assert.strictEqual(told.length % 2, 1)
      const facts = yield* StoredFacts
      const updates = (yield* facts.events(id)).filter(({ topic }) => topic === "customers.profile.updated")
      assert.lengthOf(updates, 20)
    })
  )

  it.effect("joins, leaves, exceptions, events and audits of a review are kept, or none of them", () =>
    Effect.gen(function* () {
      const facts = yield* StoredFacts
      const segments = [yield* manualSegment, yield* manualSegment]
      const [lucky, unlucky] = yield* people(freshWord(), 2)
      const ids = [lucky, unlucky].flatMap((id) => id ?? [])
      const before = yield* Effect.forEach(ids, everythingOf)
      const decide = joining(segments)
      const memberships = yield* SegmentMemberships
      const broken = memberships.review(ids, reviewedAt, decide(unlucky))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(broken)))
      assert.deepStrictEqual(yield* Effect.forEach(ids, everythingOf), before)
      const reviewed = yield* memberships.review(ids, reviewedAt, decide(undefined))
      assert.sameMembers(
        reviewed.map(({ customer }) => customer.id),
        ids
      )
      for (const id of ids) {
        const { current } = yield* known(id)
        assert.sameMembers(
          [...current.memberships.keys()],
          segments.map((segment) => segment.id)
        )
        assert.sameMembers(
          [...current.exceptions.keys()],
          segments.map((segment) => segment.id)
        )
        assert.deepStrictEqual([current.change, current.reviewAt], [undefined, undefined])
        const told = yield* Effect.forEach(segments, (segment) => toldOf(id, segment))
        assert.deepStrictEqual(told, [["joined by 1"], ["joined by 1"]])
        assert.deepInclude(yield* facts.audits(id), {
          action: "membership_excepted",
          actorKind: "staff",
          actor: "ada",
          reason: "a word",
          at: reviewedAt
        })
      }
    })
  )

  it.effect("an event of a review never has an older version than an event of the customer before it", () =>
    Effect.gen(function* () {
      const facts = yield* StoredFacts
      const group = freshWord()
      yield* segmentOf(scoring(group, "in", [1, 3, 5, 7, 9]))
      const id = yield* person(group)
      const rounds = Array.makeBy(10, () => [oneMore(id), Effect.asVoid(reviewThese([id])), Effect.asVoid(settle())])
      yield* Effect.all(rounds.flat(), { ...atOnce, discard: true })
      yield* except(id, yield* manualSegment, true)
      const versions = (yield* facts.events(id)).map(({ customerVersion }) => customerVersion)
      assert.deepStrictEqual(
        versions,
        versions.toSorted((one, other) => one - other)
      )
      assert.strictEqual(versions.at(-1), 12)
    })
  )

  it.effect("a change that brings only records with it asks for no review", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const id = yield* person(freshWord(), 1)
      yield* settle()
      const audit = { action: "logged_in", actorKind: "customer", actor: id, at: circumstances(60).now } as const
      yield* repository.modify(id, bringing({ audits: [audit] }))
      yield* repository.modify(id, (customer: Customer) => Decisions.update(customer, {}, circumstances(60)))
      yield* setScore(id, 1)
      assert.isUndefined((yield* known(id)).current.change)
      assert.deepStrictEqual(yield* settle(), [])
    })
  )
}
