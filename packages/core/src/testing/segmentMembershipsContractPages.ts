import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import type { Segment } from "../segment/Segment.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { erase } from "./customerStandingsContractPeople.ts"
import {
  freshSegmentId,
  known,
  manualSegment,
  people,
  person,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  setScore
} from "./segmentContractPeople.ts"
import { freshWord, plain } from "./strangers.ts"

/** Reads a segment page by page, doing something between any two. */
const readAll = Effect.fnUntraced(function* <E = never, R = never>(
  segment: Pick<Segment, "id">,
  between: Effect.Effect<unknown, E, R> = Effect.void
) {
  const memberships = yield* SegmentMemberships
  const ids: Array<CustomerId> = []
  let after: CustomerId | undefined
  do {
    const page = yield* memberships.members({ segmentId: segment.id, limit: 4, after })
    assert.isAtMost(page.members.length, 4)
    assert.strictEqual(page.next, page.next === undefined ? undefined : page.members.at(-1)?.customer.id)
    ids.push(...page.members.map(({ customer }) => customer.id))
    after = page.next
    yield* between
  } while (after !== undefined)
  return ids
})

/** Who is listed as belonging to a segment. */
export const paging = (it: ContractSuite<SegmentServices>): void => {
  it.effect("members pages through a segment without gap or repeat, also while others join and leave", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 1))
      const ids = (yield* people(group, 24)).toSorted()
      yield* settle()
      const inside = yield* Effect.filter(ids, (id) =>
        Effect.map(known(id), ({ current }) => current.memberships.has(segment.id))
      )
      assert.lengthOf(inside, 23)
      assert.deepStrictEqual(yield* readAll(segment), inside)
      const leaving = inside.filter((_, place) => place % 5 === 2)
      const newcomers: Array<CustomerId> = []
      const between = Effect.gen(function* () {
        const [early, late] = [leaving.shift(), leaving.pop()]
        for (const id of [early, late]) if (id !== undefined) yield* setScore(id, 0)
        newcomers.push(yield* person(group, 9))
        yield* settle()
      })
      const stayed = inside.filter((id) => !leaving.includes(id))
      const read = yield* readAll(segment, between)
      assert.deepStrictEqual(read, [...new Set(read)].toSorted())
      assert.deepStrictEqual(
        read.filter((id) => stayed.includes(id)),
        stayed
      )
      assert.isEmpty(read.filter((id) => ![...inside, ...newcomers].includes(id)))
    })
  )

  it.effect("members gives each with her membership, and none of a segment in which nobody is", () =>
    Effect.gen(function* () {
      const memberships = yield* SegmentMemberships
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 0))
      const [kept, erased] = [yield* person(group), yield* person(group)]
      yield* settle()
      yield* erase(erased)
      const { members, next } = yield* memberships.members({ segmentId: segment.id, limit: 10 })
      const { customer, memberships: all } = (yield* known(kept)).current
      assert.deepStrictEqual(
        members.map((member) => ({ ...member, customer: plain(member.customer) })),
        [{ customer: plain(customer), membership: all.get(segment.id) }].flatMap(({ membership, ...member }) =>
          membership === undefined ? [] : [{ ...member, membership }]
        )
      )
      assert.isUndefined(next)
      for (const id of [(yield* manualSegment).id, yield* freshSegmentId]) {
        assert.deepStrictEqual(yield* memberships.members({ segmentId: id, limit: 10 }), { members: [] })
      }
    })
  )
}
