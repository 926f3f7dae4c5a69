import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer } from "effect"
import * as fc from "fast-check"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Membership, MembershipChange, MembershipException } from "../segment/Membership.ts"
import type { SegmentId } from "../segment/Segment.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { erase } from "./customerStandingsContractPeople.ts"
import { forAll } from "./forAll.ts"
import { excepting } from "./segmentMembershipsContractExceptions.ts"
import { marking } from "./segmentMembershipsContractMarks.ts"
import { paging } from "./segmentMembershipsContractPages.ts"
import { reviewing } from "./segmentMembershipsContractReviews.ts"
import { known, manualSegment, person, reviewedAt, type SegmentServices, settle } from "./segmentContractPeople.ts"
import { freshCustomerId, freshWord, plain } from "./strangers.ts"
import { filledLine, instant } from "./valueArbitraries.ts"

/** The contract of {@link SegmentMemberships}. Nobody else may review customers or recompute segments meanwhile. */
export const segmentMembershipsContract = <E>(
  name: string,
  adapter: Layer.Layer<SegmentServices, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of SegmentMemberships`, (it) => {
    marking(it)
    reviewing(it)
    excepting(it)
    paging(it)
    finding(it)
  })

interface Written {
  readonly membership: Omit<Membership, "segmentId"> | undefined
  readonly exception: Omit<MembershipException, "segmentId"> | undefined
}

const written: fc.Arbitrary<Written> = fc.record(
  {
    membership: fc.option(
      fc.record({ since: instant, by: fc.constantFrom("rule", "hand") }, { noNullPrototype: true }),
      { nil: undefined }
    ),
    exception: fc.option(
      fc.record(
        { member: fc.boolean(), reason: filledLine(500), by: filledLine(200), at: instant, expiresAt: instant },
        { requiredKeys: ["member", "reason", "by", "at"], noNullPrototype: true }
      ),
      { nil: undefined }
    )
  },
  { noNullPrototype: true }
)

const nothing: Omit<MembershipChange, "customer"> = {
  joins: [],
  leaves: [],
  stays: [],
  made: [],
  over: [],
  events: [],
  audits: []
}

const entriesOf = <A>(entries: ReadonlyMap<SegmentId, A>): unknown =>
  JSON.parse(JSON.stringify([...entries.values()].map((entry) => ({ ...entry, expiresAt: undefined, ...entry }))))

/** Writes exactly this of a review, whatever the rules say. */
const write = Effect.fnUntraced(function* (id: CustomerId, change: Partial<MembershipChange>) {
  const memberships = yield* SegmentMemberships
  return yield* memberships.review([id], reviewedAt, (_, { customer }) => ({ ...nothing, customer, ...change }))
})

const finding = (it: ContractSuite<SegmentServices>): void => {
  it.effect("find reads what was written", () =>
    forAll(
      fc.tuple(fc.array(written, { minLength: 1, maxLength: 3 }), fc.option(instant)),
      10,
      Effect.fnUntraced(function* ([entries, moment]) {
        const repository = yield* CustomerRepository
        const id = yield* person(freshWord())
        const segments = yield* Effect.forEach(entries, () => manualSegment)
        const withId = <A extends object>(entry: A | undefined, place: number) => {
          const segmentId = segments[place]?.id
          return entry === undefined || segmentId === undefined ? [] : [{ ...entry, segmentId }]
        }
        const joins = entries.flatMap(({ membership }, place): ReadonlyArray<Membership> => withId(membership, place))
        const made = entries.flatMap(({ exception }, place): ReadonlyArray<MembershipException> =>
          withId(exception, place)
        )
        const reviewAt = moment ?? undefined
        const [told] = yield* write(id, { joins, made, reviewAt })
        const { current, revision, segments: all } = yield* known(id)
        for (const found of [told, current]) {
          assert.sameDeepMembers([...(found?.memberships.values() ?? [])], [...joins])
          assert.deepEqual(
            entriesOf(found?.exceptions ?? new Map()),
            entriesOf(new Map(made.map((each) => [each.segmentId, each])))
          )
          assert.deepStrictEqual(found?.reviewAt, reviewAt)
        }
        assert.isUndefined(current.change)
        assert.deepStrictEqual(plain(current.customer), plain(yield* repository.get(id)))
        const store = yield* SegmentStore
        assert.strictEqual(revision, yield* store.revision)
        assert.deepStrictEqual(
          all.map(({ name }) => name),
          (yield* store.list).map(({ name }) => name)
        )
      })
    )
  )

  it.effect("a membership that goes on keeps since when, by another cause too", () =>
    Effect.gen(function* () {
      const id = yield* person(freshWord())
      const [{ id: left }, { id: kept }] = [yield* manualSegment, yield* manualSegment]
      const since = DateTime.subtract(reviewedAt, { days: 3 })
      const joins = [left, kept].map((segmentId): Membership => ({ segmentId, since, by: "rule" }))
      yield* write(id, { joins, reviewAt: reviewedAt })
      yield* write(id, { leaves: [left], stays: [{ segmentId: kept, since, by: "hand" }] })
      const { memberships } = (yield* known(id)).current
      assert.deepStrictEqual([...memberships.values()], [{ segmentId: kept, since, by: "hand" }])
    })
  )

  it.effect("nobody who is not there, or was erased, is found or reviewed", () =>
    Effect.gen(function* () {
      const erased = yield* person(freshWord())
      yield* settle()
      yield* erase(erased)
      for (const id of [freshCustomerId(), erased]) {
        assert.strictEqual((yield* Effect.flip(known(id)))._tag, "CustomerNotFound")
        assert.deepStrictEqual(yield* write(id, {}), [])
      }
      assert.notInclude(yield* settle(DateTime.add(reviewedAt, { days: 400 })), erased)
    })
  )
}
