import { assert } from "@effect/vitest"
import { Array, DateTime, Effect } from "effect"
import { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Segment } from "../segment/Segment.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  changeSegment,
  close,
  except,
  freshName,
  inGroup,
  known,
  membersAmong,
  people,
  person,
  recompute,
  removeSegment,
  reviewedAt,
  reviewThese,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  setScore,
  step,
  toldOf,
  writeSegment
} from "./segmentContractPeople.ts"
import { circumstances, freshWord, registration } from "./strangers.ts"

/** Steps until the rule is switched, doing something after each step until then. */
const untilSwitched = Effect.fnUntraced(function* <E, R>(most: number, between: Effect.Effect<unknown, E, R>) {
  for (let done = yield* step(most); done?.state === "comparing"; done = yield* step(most)) yield* between
})

/** That what was told of her alternates, and ends where she is. */
const assertTold = Effect.fnUntraced(function* (ids: ReadonlyArray<CustomerId>, segment: Segment) {
  const members = yield* membersAmong(ids, segment)
  for (const id of ids) {
    const words = (yield* toldOf(id, segment)).map((told) => told.split(" ")[0])
    assert.deepStrictEqual(
      words,
      words.map((_, place) => (place % 2 === 0 ? "joined" : "left"))
    )
    assert.strictEqual(words.length % 2 === 1, members.includes(id))
  }
})

const found = ({ id }: Segment) => Effect.flatMap(SegmentStore, (store) => store.find(id))

/** A new customer of a group whose id is before those of nearly all others. */
const firstInOrder = Effect.fnUntraced(function* (group: string) {
  const repository = yield* CustomerRepository
  const { customer, ...change } = registration({ profile: { data: { group } } })
  const id = CustomerId.make(`00000000-${customer.id.slice(9)}`)
  return (yield* repository.insert({ ...change, customer: { ...customer, id }, events: [] })).id
})

/** The first and the last of these, who are among them no longer. */
const take = (ids: Array<CustomerId> = []) => [ids.shift() ?? [], ids.pop() ?? []].flat()

/** What happens while a recompute is under way. */
export const meanwhile = (it: ContractSuite<SegmentServices>): void => {
  it.effect("whoever changes while a recompute is under way ends where the new rule puts her", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 20))
      const ids = yield* people(group, 40)
      yield* settle()
      yield* changeSegment(segment, { rule: scoring(group, "lt", 20) })
      const [marked, reviewed, closed] = [0, 1, 2].map((rest) => ids.filter((_, place) => place % 3 === rest))
      const newcomers: Array<CustomerId> = []
      const between = Effect.gen(function* () {
        for (const id of take(marked)) yield* setScore(id, ids.indexOf(id) < 20 ? 30 : 3)
        const looked = take(reviewed)
        for (const id of looked) yield* setScore(id, ids.indexOf(id) < 20 ? 31 : 4)
        for (const id of take(closed)) yield* close(id)
        newcomers.push(yield* person(group, 5), yield* person(group, 6))
        yield* reviewThese([...looked, ...newcomers.slice(-1)])
      })
      yield* untilSwitched(13, between)
      yield* recompute(5)
      yield* settle()
      const repository = yield* CustomerRepository
      const everybody = yield* repository.getMany([...ids, ...newcomers])
      const expected = everybody.filter(
        ({ profile, status }) => status !== "inactive" && Number(profile.data?.score) < 20
      )
      assert.deepStrictEqual(
        yield* membersAmong([...ids, ...newcomers], segment),
        expected.map(({ id }) => id)
      )
      yield* assertTold([...ids, ...newcomers], segment)
    })
  )

  it.effect("an exception made while a recompute is under way stands after it", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 3))
      const ids = yield* people(group, 6)
      yield* settle()
      yield* changeSegment(segment, { rule: scoring(group, "lt", 3) })
      const [first, last] = [ids.slice(0, 1), ids.slice(5)]
      const rest = [...first, ...last]
      yield* untilSwitched(
        20,
        Effect.forEach(rest.splice(0), (id) => except(id, segment, last.includes(id)))
      )
      for (const id of rest) yield* except(id, segment, last.includes(id))
      yield* recompute()
      yield* settle()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), [...ids.slice(1, 3), ...last])
      yield* assertTold(ids, segment)
    })
  )

  it.effect("a rule that becomes another one while a recompute is under way is compared anew from the beginning", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "eq", 0))
      const ids = yield* people(group, 6)
      yield* settle()
      yield* changeSegment(segment, { rule: inGroup(group) })
      const done = yield* step(4)
      assert.strictEqual(done?.state, "comparing")
      yield* changeSegment(segment, { rule: scoring(group, "gte", 4) })
      assert.deepInclude((yield* store.find(segment.id)).recompute, { state: "comparing", done: 0 })
      yield* recompute(4)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(4))
      const told = yield* Effect.forEach(ids, (id) => toldOf(id, segment))
      assert.deepStrictEqual(told, [
        ["joined by 1", "left by 3"],
        ...Array.replicate([], 3),
        ...Array.replicate(["joined by 3"], 2)
      ])
    })
  )

  it.effect("a rule that becomes another one while moves by the one before are told is compared after that", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const ids = yield* people(group, 8)
      yield* settle()
      const segment = yield* writeSegment({ name: freshName(), rule: inGroup(group) })
      yield* untilSwitched(3, Effect.void)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids)
      yield* changeSegment(segment, { rule: scoring(group, "lt", 4) })
      yield* recompute(3)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(0, 4))
      const told = yield* Effect.forEach(ids, (id) => toldOf(id, segment))
      assert.deepStrictEqual(told, [
        ...Array.replicate(["joined by 1"], 4),
        ...Array.replicate(["joined by 1", "left by 2"], 4)
      ])
    })
  )

  it.effect("whoever moves again before she was told of is told of both moves, in their order", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const ids = yield* people(group, 8)
      yield* settle()
      const segment = yield* writeSegment({ name: freshName(), rule: scoring(group, "lt", 100) })
      yield* untilSwitched(3, Effect.void)
      for (const id of ids) yield* setScore(id, 100)
      yield* settle()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), [])
      yield* recompute(3)
      for (const id of ids) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1", "left by 1"])
    })
  )

  it.effect("whoever joins a segment that is on its way out is told of leaving it too", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(inGroup(group))
      const ids = yield* Effect.all(Array.makeBy(3, () => firstInOrder(group)))
      yield* people(freshWord(), 10)
      yield* removeSegment(segment)
      const compared = yield* step(ids.length)
      assert.strictEqual(compared?.state, "comparing")
      yield* reviewThese(ids)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids)
      yield* recompute()
      for (const id of ids) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1", "left by 2"])
      assert.strictEqual((yield* Effect.flip(found(segment)))._tag, "SegmentNotFound")
    })
  )

  it.effect("customers are marked for when time moves them under the new rule", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const createdAt = DateTime.subtract(circumstances().now, { days: 100 })
      const change = registration()
      const { id } = yield* repository.insert({ ...change, customer: { ...change.customer, createdAt } })
      yield* settle()
      assert.isUndefined((yield* known(id)).current.reviewAt)
      const segment = yield* segmentOf({
        all: [
          { field: "createdAt", op: "withinLast", value: 130 },
          { field: "email", op: "eq", value: change.customer.email }
        ]
      })
      yield* settle()
      const moment = DateTime.add(createdAt, { days: 130 })
      const { memberships, reviewAt } = (yield* known(id)).current
      assert.deepStrictEqual([memberships.get(segment.id)?.since, reviewAt], [reviewedAt, moment])
      yield* settle(DateTime.subtract(moment, { milliseconds: 1 }))
      assert.isTrue((yield* known(id)).current.memberships.has(segment.id))
      assert.include(yield* settle(moment), id)
      assert.isFalse((yield* known(id)).current.memberships.has(segment.id))
      assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1", "left by 1"])
    })
  )
}
